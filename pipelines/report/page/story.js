"use strict";

// The page of one story: its text with names and quotations marked, who says what, its versions and copies.

const TYPES = {
  PER: ["person", "people"],
  ORG: ["organisation", "organisations"],
  LOC: ["place", "places"],
  NORP: ["people or group", "peoples and groups"],
  MISC: ["other name", "other names"],
};

const SPEECH = {
  direct: "word for word",
  mixed: "partly in quotation marks",
  indirect: "reported",
};

const RELATIONS = {
  exact: "the same words as",
  republication: "another's copy of",
  version: "a later take of",
  contains: "a roundup that holds",
};

const FATES = {
  shown: "shown",
  older: "older version",
  exact: "copy, word for word",
  republication: "copy, cut or retitled",
  take: "later take",
};

class StoryPage {
  constructor({ stories, clusters }) {
    this.stories = new Map(stories.map((story) => [story.id, story]));
    this.clusters = clusters;
    this.order = stories.filter((story) => story.fate === "shown");
    this.marks = { names: true, quotes: true };
    this.place = document.getElementById("story");
  }

  /** Shows a story; false where this page has none of that id. */
  show(id, back) {
    const story = this.stories.get(id);
    if (!story) return false;
    this.seen = new Set();
    this.place.replaceChildren(
      make("p", { class: "back" }, make("a", { href: back }, "Back to the list")),
      make("article", { "aria-labelledby": "story-h" }, ...this.head(story), this.body(story), ...this.foot(story)),
    );
    this.showMarks();
    return true;
  }

  head(story) {
    const newest = story.fate === "shown" ? null : this.shownOf(story);
    return [
      make("header", { class: "story-head" },
        make("p", { class: "kicker" }, ...line(agencyName(story), countryName(story.country), moment(story), story.signal && said(story.signal))),
        make("h1", { tabindex: "-1", id: "story-h", dir: story.rtl ? "rtl" : null }, storyHeadline(story)),
        story.deck && make("p", { class: "deck", lang: story.language, dir: story.rtl ? "rtl" : null }, story.deck),
        story.byline && make("p", { class: "byline" }, said(story.byline)),
        newest && make("p", { class: "notice" }, `This is a text that is not shown any more or comes twice (${FATES[story.fate]}). `, "Shown is: ", storyLink(newest)),
      ),
    ];
  }

  body(story) {
    const aside = story.speakers ? this.speakers(story) : make("p", { class: "none" }, "Nobody is quoted.");
    return make("div", { class: "story-body" },
      make("div", { class: "text-side" },
        this.legend(),
        make("div", { class: "text", lang: story.language, dir: story.rtl ? "rtl" : null },
          ...story.text.map(([role, pieces], index) => this.paragraph(story, role, pieces, index)),
          !story.text.length && make("p", { class: "none" }, "It came without a text.")),
        story.rights && make("p", { class: "small" }, ...line(...story.rights.map((text) => said(text))))),
      make("aside", { "aria-labelledby": "speakers-h" }, make("h2", { id: "speakers-h" }, "Who says what"), aside),
    );
  }

  /** What the marks mean, with a switch for each kind. */
  legend() {
    const choice = (name, text, ...samples) => {
      const box = make("input", { type: "checkbox", id: `marks-${name}`, checked: this.marks[name] });
      box.addEventListener("change", () => {
        this.marks[name] = box.checked;
        this.showMarks();
      });
      return make("div", { class: "choice" }, box, make("label", { for: `marks-${name}` }, text), " ", ...samples);
    };
    const names = Object.entries(TYPES).map(([type, [one]]) => make("span", { class: `e ${type}` }, one));
    const quotes = Object.entries(SPEECH).map(([type, text]) => make("span", { class: `q ${type}` }, text));
    return make("div", { class: "legend", role: "group", "aria-label": "Marks in the text" },
      choice("names", "Names:", ...names.flatMap((each) => [each, " "])),
      choice("quotes", "Quotations:", ...quotes.flatMap((each) => [each, " "])));
  }

  showMarks() {
    for (const [name, on] of Object.entries(this.marks)) this.place.classList.toggle(`no-${name}`, !on);
  }

  paragraph(story, role, pieces, index) {
    const dateline = index === 0 && story.dateline ? [make("span", { class: "dateline" }, said(story.dateline)), " "] : [];
    return make(role === "h" ? "h2" : "p", {}, ...dateline, ...pieces.map((piece) => (typeof piece === "string" ? piece : this.piece(story, ...piece))));
  }

  /** Words with the name and the quotations that they are in; where a quotation begins, the number of its speaker. */
  piece(story, words, name, quotes = []) {
    const first = quotes.filter((quote) => !this.seen.has(quote));
    for (const quote of first) this.seen.add(quote);
    const marks = first.map((quote) => {
      const { speaker, type } = story.quotes[quote];
      const label = `Quotation, ${SPEECH[type]}, by ${this.speakerName(story.speakers[speaker])}`;
      return make("a", { class: "ref", id: `t${quote}`, href: `#story/${story.id}/q${quote}`, "aria-label": label, title: label }, String(speaker + 1));
    });
    const entity = name < 0 ? null : story.names[name];
    const classes = [...(entity ? ["e", entity.type] : []), ...(quotes.length ? ["q", story.quotes[quotes.at(-1)].type] : [])];
    return [...marks, make("span", { class: classes.join(" "), title: entity && `${TYPES[entity.type][0]}: ${entity.name}` }, words)];
  }

  speakerName(speaker) {
    return speaker.name ?? "somebody not named";
  }

  speakers(story) {
    return make("ol", { class: "speakers" }, ...story.speakers.map((speaker, number) =>
      make("li", {},
        make("h3", {}, make("span", { class: "ref", "aria-hidden": "true" }, String(number + 1)), " ", said(this.speakerName(speaker))),
        speaker.about && make("p", { class: "small" }, said(speaker.about)),
        make("ul", {}, ...story.quotes.flatMap((quote, index) => quote.speaker === number ? [this.quotation(story, quote, index)] : [])))));
  }

  quotation(story, quote, index) {
    const how = [SPEECH[quote.type], quote.as && [`said by “`, said(quote.as), "”"], `${Math.round(quote.sure * 100)} % sure`];
    return make("li", { id: `q${index}`, tabindex: "-1" },
      make(quote.type === "direct" ? "q" : "span", { class: "words", lang: story.language, dir: story.rtl ? "rtl" : "auto" }, quote.text),
      make("p", { class: "small" }, ...line(...how).flat(), " ", make("a", { href: `#story/${story.id}/t${index}`, "aria-label": "Show it in the text" }, "in the text")));
  }

  foot(story) {
    return [
      make("div", { class: "story-foot" }, this.names(story), this.facts(story)),
      this.cluster(story),
      this.neighbours(story),
    ];
  }

  names(story) {
    const groups = Object.entries(TYPES).map(([type, [, several]]) => {
      const found = (story.names ?? []).filter((name) => name.type === type).sort((one, other) => other.times - one.times);
      return found.length ? [make("dt", {}, several), make("dd", {}, ...found.flatMap((name, index) => [index ? ", " : null, this.name(name)]))] : [];
    });
    return make("section", { "aria-labelledby": "story-names-h" }, make("h2", { id: "story-names-h" }, "Names"),
      story.names ? make("dl", {}, ...groups.flat()) : make("p", { class: "none" }, "No name was found."));
  }

  name(name) {
    const text = said(name.name);
    const many = name.times > 1 ? ` ×${name.times}` : "";
    return make("span", {}, name.key ? make("a", { href: `#stories?who=${encodeURIComponent(name.key)}` }, text) : text, many,
      name.role ? make("span", { class: "small" }, " (", said(name.role), ")") : null);
  }

  facts(story) {
    const language = story.language && new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
    const facts = {
      "About": (story.countries ?? []).map(([code, score]) => `${countryName(code)} ${Math.round(score * 100)} %`).join(", "),
      "Filed from": story.from && countryName(story.from),
      "Place": story.located && said(story.located),
      "Slug": story.slug && said(story.slug),
      "Subjects": story.subjects && said(story.subjects.join(", ")),
      "Keywords": story.keywords && said(story.keywords.join(", ")),
      "Genre": story.genre && said(story.genre),
      "Credit": story.credit && said(story.credit),
      "Language": language && language.of(story.language),
      "Urgency": story.urgency && String(story.urgency),
      "Version": story.version !== undefined && String(story.version),
      "Length": counted(story.words, "word", "words"),
      "Id": make("code", {}, story.id),
    };
    return make("section", { "aria-labelledby": "facts-h" }, make("h2", { id: "facts-h" }, "Facts"),
      make("dl", {}, ...Object.entries(facts).flatMap(([name, value]) => value ? [make("dt", {}, name), make("dd", {}, value)] : [])));
  }

  cluster(story) {
    const { ids, more } = this.clusters[story.cluster];
    const related = story.relation && this.stories.get(story.related);
    if (ids.length + more === 1 && !related) return null;
    const rows = ids.map((id) => this.stories.get(id)).map((each) =>
      make("tr", { "aria-current": each.id === story.id ? "true" : null },
        make("td", {}, moment(each)), make("td", {}, agencyName(each)), make("td", {}, each.version === undefined ? "–" : String(each.version)),
        make("td", {}, FATES[each.fate], each.signal ? [" · ", said(each.signal)] : null), make("td", {}, number(each.words)),
        make("th", { scope: "row" }, each.id === story.id ? make("span", {}, storyHeadline(each), " (this one)") : storyLink(each))));
    return make("section", { "aria-labelledby": "cluster-h" }, make("h2", { id: "cluster-h" }, "Versions and copies"),
      related && make("p", {}, `This is ${RELATIONS[story.relation]} `, storyLink(related), story.similarity ? ` (${Math.round(story.similarity * 100)} % sure)` : null, "."),
      ids.length > 1 && make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Versions and copies" },
        make("table", {}, make("thead", {}, make("tr", {}, ...["Published", "Agency", "Version", "What it is", "Words", "Headline"].map((name) => make("th", { scope: "col" }, name)))),
          make("tbody", {}, ...rows))),
      more > 0 && make("p", { class: "small" }, `${number(more)} more in the lake, not on this page.`));
  }

  neighbours(story) {
    const at = this.order.indexOf(this.shownOf(story));
    const link = (other, text) => other && make("p", {}, make("span", { class: "small" }, text), " ", storyLink(other));
    return make("nav", { class: "neighbours", "aria-label": "Other stories" }, link(this.order[at - 1], "Newer"), link(this.order[at + 1], "Older"));
  }

  shownOf(story) {
    return story.fate === "shown" ? story : this.clusters[story.cluster].ids.map((id) => this.stories.get(id)).find((each) => each.fate === "shown");
  }
}
