"use strict";

// What the page holds, and how elements are made. Content becomes text nodes and plain attributes, never markup.

const held = JSON.parse(document.getElementById("data").textContent);

/** An element with attributes and children; children are elements or texts, and null is left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text of the lake, kept apart from what stands around it whatever its direction. */
function said(text, attributes = {}) {
  return make("bdi", attributes, text);
}

const whole = new Intl.NumberFormat("en-GB");

function number(value) {
  return value >= 10 || Number.isInteger(value) ? whole.format(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function counted(count, one, several) {
  return `${number(count)} ${count === 1 ? one : several}`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const weekdayFormat = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const timeFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

function day(value) {
  return dayFormat.format(new Date(value));
}

function time(story) {
  return story.precision === "day" ? "" : timeFormat.format(new Date(story.published));
}

function moment(story) {
  return [day(story.published), time(story) && `${time(story)} UTC`].filter(Boolean).join(", ");
}

function countryName(code) {
  return held.countries[code] ?? code;
}

function agencyName(story) {
  return story.agency === undefined ? "agency unknown" : said(story.agency);
}

/** Elements with a dot between them. */
function line(...parts) {
  return parts.filter(Boolean).flatMap((part, index) => (index ? [" · ", part] : [part]));
}

function storyHeadline(story) {
  return said(story.headline || "(no headline)", { lang: story.language });
}

function storyLink(story, attributes = {}) {
  return make("a", { href: `#story/${story.id}`, ...attributes }, storyHeadline(story));
}

/** The texts: `{stories, clusters}`, stories the newest first. */
async function unpack() {
  const packed = atob(document.getElementById("packed").textContent);
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(plain).text());
}
