"use strict";

// The list of stories: what the search box and the filters leave of them.

const AT_ONCE = 60;

const NAMED = ["agency", "country", "from", "to", "who"];

/** Lower case, without accents. */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’ʼ]/g, "'").toLowerCase();
}

const IN_WORDS = /[\p{L}\p{N}]/u;

/** Whether a text has a word: a short one (`UN`, `TZ`) where a word begins, since most texts have its letters somewhere. */
function has(text, word) {
  if (word.length > 3 || !/^[a-z\d]/.test(word)) return text.includes(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (!IN_WORDS.test(text[at - 1] ?? "")) return true;
  return false;
}

function wordsOf(story) {
  return story.text.map(([, pieces]) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("")).join("\n");
}

class StoryList {
  constructor({ stories, clusters }) {
    this.clusters = clusters;
    this.stories = stories.filter((story) => story.fate === "shown");
    this.texts = new Map();
    this.found = this.stories;
    this.form = document.getElementById("filters");
    this.place = document.getElementById("list");
    this.more = document.getElementById("more");
    this.fill();
    this.more.addEventListener("click", () => {
      const first = this.append();
      first?.focus();
    });
  }

  /** The choices of the filters. */
  fill() {
    const agencies = d3.rollups(this.stories, (all) => all.length, (story) => story.agency ?? "");
    const countries = d3.rollups(this.stories, (all) => all.length, (story) => story.country);
    const options = (rows, name) =>
      rows
        .map(([value, count]) => [name(value), value, count])
        .sort((one, other) => one[0].localeCompare(other[0], "en"))
        .map(([text, value, count]) => make("option", { value: `=${value}` }, `${text} (${number(count)})`));
    this.form.agency.append(make("option", { value: "" }, "all"), ...options(agencies, (value) => value || "agency unknown"));
    this.form.country.append(make("option", { value: "" }, "all"), ...options(countries, countryName));
  }

  /** What the form and the search box say, as the part of an address behind its question mark. */
  asked() {
    const asked = new URLSearchParams();
    const search = document.getElementById("search").value.trim();
    if (search) asked.set("q", search);
    for (const name of ["agency", "country"]) if (this.form[name].value) asked.set(name, this.form[name].value.slice(1));
    for (const name of ["from", "to"]) if (this.form[name].value) asked.set(name, this.form[name].value);
    if (this.who) asked.set("who", this.who);
    return asked;
  }

  /** Shows what an address asks for. */
  show(asked) {
    const search = document.getElementById("search");
    if (search.value.trim() !== (asked.get("q") ?? "")) search.value = asked.get("q") ?? "";
    for (const name of ["agency", "country"]) this.form[name].value = asked.has(name) ? `=${asked.get(name)}` : "";
    for (const name of ["from", "to"]) this.form[name].value = asked.get(name) ?? "";
    this.who = asked.get("who");
    this.showWho();
    this.found = this.stories.filter(this.test(asked));
    const all = this.found.length === this.stories.length;
    document.getElementById("count").textContent = all
      ? counted(this.found.length, "story", "stories")
      : `${number(this.found.length)} of ${counted(this.stories.length, "story", "stories")}`;
    document.getElementById("clear").disabled = all && !NAMED.some((name) => asked.has(name)) && !asked.get("q");
    this.place.replaceChildren();
    this.shown = 0;
    this.day = null;
    if (!this.found.length) this.place.append(make("p", { class: "none" }, "No story is like that. Take away a word or a filter."));
    this.append();
  }

  showWho() {
    const place = document.getElementById("who");
    place.replaceChildren();
    if (!this.who) return;
    const name = this.stories.flatMap((story) => story.names ?? []).find((each) => each.key === this.who)?.name ?? this.who;
    place.append(make("span", {}, "Names ", said(name)));
  }

  /** Whether a story is what an address asks for. Words in quotation marks stand together. */
  test(asked) {
    const words = Array.from((asked.get("q") ?? "").matchAll(/["“„]([^"“”]+)["”]|(\S+)/g), (match) => folded(match[1] ?? match[2]));
    const until = asked.get("to") && `${asked.get("to")}T24`;
    return (story) =>
      (!asked.has("agency") || (story.agency ?? "") === asked.get("agency")) &&
      (!asked.has("country") || story.country === asked.get("country")) &&
      (!asked.get("from") || story.published >= asked.get("from")) &&
      (!until || story.published < until) &&
      (!asked.get("who") || (story.names ?? []).some((name) => name.key === asked.get("who"))) &&
      words.every((word) => has(this.textOf(story), word));
  }

  textOf(story) {
    let text = this.texts.get(story);
    if (text === undefined) {
      const { headline, deck, slug, agency, byline, country } = story;
      const parts = [headline, deck, slug, agency, byline, country, countryName(country), wordsOf(story)];
      text = folded(parts.filter(Boolean).join("\n"));
      this.texts.set(story, text);
    }
    return text;
  }

  /** Adds the next rows; the first of their links. */
  append() {
    const next = this.found.slice(this.shown, this.shown + AT_ONCE);
    let first = null;
    for (const story of next) {
      const date = story.published.slice(0, 10);
      if (date !== this.day) {
        this.day = date;
        this.rows = make("ol", {});
        this.place.append(make("section", { class: "day" }, make("h2", {}, weekdayFormat.format(new Date(date))), this.rows));
      }
      const row = this.row(story);
      first ??= row.querySelector("a");
      this.rows.append(row);
    }
    this.shown += next.length;
    const left = this.found.length - this.shown;
    this.more.hidden = left === 0;
    this.more.textContent = `Show more (${number(left)} left)`;
    return first;
  }

  row(story) {
    const text = wordsOf(story).slice(0, 240);
    const { ids, more } = this.clusters[story.cluster];
    const others = ids.length + more - 1;
    const tags = [story.signal && said(story.signal), others && counted(others, "other version or copy", "other versions and copies")];
    return make(
      "li",
      { class: "entry" },
      make("p", { class: "when" }, time(story)),
      make(
        "div",
        {},
        make("p", { class: "headline" }, storyLink(story)),
        make("p", { class: "lede" }, said(text, { lang: story.language })),
      ),
      make(
        "p",
        { class: "kicker" },
        ...line(agencyName(story), countryName(story.country)),
        make("span", { class: "tags" }, ...tags.filter(Boolean).map((tag) => make("span", {}, tag))),
      ),
    );
  }
}
