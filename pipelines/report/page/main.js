"use strict";

// Which part of the page is to be seen: the address says it, behind its hash, so that everything can be linked and "back" goes back.

const title = document.title;
const views = ["overview", "stories", "story"].map((id) => document.getElementById(id));
const search = document.getElementById("search");
let backTo = "#stories";

function openView(id, focus) {
  for (const view of views) view.hidden = view.id !== id;
  for (const link of document.querySelectorAll("header nav a")) {
    const current = link.hash === `#${id}` || (id === "story" && link.hash === "#stories");
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (focus) {
    scrollTo(0, 0);
    document.querySelector(`#${id} h1`)?.focus({ preventScroll: true });
  }
}

/** Isolates keep a headline's direction from turning what follows. */
function entitle(text) {
  document.title = text ? `\u2068${text}\u2069 · wirelake` : title;
}

function route(list, page, first) {
  const address = decodeAddress(location.hash);
  const [kind, id, place] = address.split("/");
  if (address === "stories") showList(list, first);
  else if (kind === "story") showStory(page, id, place, first);
  else {
    const part = address === "overview" ? null : address;
    openView("overview", !first && !document.getElementById(part));
    entitle("");
    goTo(part);
  }
}

function showList(list, first) {
  const asking = document.activeElement === search || document.getElementById("filters").contains(document.activeElement);
  list.show(new URLSearchParams(location.hash.split("?").slice(1).join("?")));
  backTo = location.hash;
  openView("stories", !first && !asking);
  entitle("Stories");
}

function showStory(page, id, place, first) {
  const there = page.id === id && !document.getElementById("story").hidden;
  if (!there && !page.show(id, backTo)) {
    page.id = null;
    document.getElementById("story").replaceChildren(
      make("h1", { tabindex: "-1" }, "This story is not in this page"),
      make("p", {}, "The page holds a part of the lake: ", make("code", {}, "wirelake explain"), " knows them all."),
    );
    openView("story", true);
    entitle("");
    return;
  }
  page.id = id;
  if (!there) openView("story", !first);
  entitle(document.getElementById("story-h").textContent);
  if (/^[qt]\d+$/.test(place ?? "")) goTo(place);
}

function decodeAddress(hash) {
  try {
    return decodeURIComponent(hash.slice(1).split("?")[0]);
  } catch {
    return "";
  }
}

/** Brings a place of the view into sight and focus. */
function goTo(id) {
  const place = document.getElementById(id);
  if (!place) return;
  const target = place.querySelector(":scope > [tabindex='-1']") ?? place;
  place.scrollIntoView({ block: /^[qt]\d/.test(id) ? "center" : "start" });
  target.focus({ preventScroll: true });
}

function chooseTheme() {
  const button = document.getElementById("theme");
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (prefers.matches ? "dark" : "light")) === "dark";
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  try {
    const kept = localStorage.getItem("wirelake-theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch {
    // A browser may keep nothing for files: the theme then lasts as long as the page.
  }
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    tell();
    try {
      localStorage.setItem("wirelake-theme", document.documentElement.dataset.theme);
    } catch {
      // As above.
    }
  });
  prefers.addEventListener("change", tell);
  tell();
}

async function start() {
  chooseTheme();
  drawCharts();
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // its address would be a part of the overview
    document.getElementById("main").focus();
  });
  const unpacked = await unpack();
  const list = new StoryList(unpacked);
  const page = new StoryPage(unpacked);
  const ask = () => {
    history.replaceState(null, "", `#stories?${list.asked()}`);
    route(list, page, false);
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      // The first letters lead to the list: "back" leads from there to where one was.
      if (document.getElementById("stories").hidden) history.pushState(null, "", location.href);
      ask();
    }, 120);
  });
  document.getElementById("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    ask();
    document.querySelector("#stories h1").focus();
  });
  const filters = document.getElementById("filters");
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("change", ask);
  document.getElementById("clear").addEventListener("click", () => {
    location.hash = "#stories";
  });
  addEventListener("hashchange", () => route(list, page, false));
  route(list, page, true);
  document.documentElement.dataset.ready = "true";
}

start().catch((error) => {
  const notice = make("p", { class: "notice" }, "The stories cannot be shown: this browser is older than 2024, or the file is damaged.");
  document.getElementById("main").prepend(notice);
  throw error;
});
