// The Markdown of Slack's markdown blocks and streams as elements: what CommonMark and tables need, without HTML.

import { el, link } from "./dom.js";

const ESCAPABLE = /[!-/:-@[-`{-~]/;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };

function entity(text) {
  const found = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w+));/.exec(text);
  if (!found) return null;
  const code = found[1] ? Number(found[1]) : found[2] ? parseInt(found[2], 16) : 0;
  if (!code && !(found[3] in NAMED)) return null;
  return { length: found[0].length, text: code ? String.fromCodePoint(Math.min(code, 0x10ffff)) : NAMED[found[3]] };
}

// Returns the place of the bracket that closes the one at `open`, or -1.
function closing(text, open, signs) {
  let depth = 0;
  for (let place = open; place < text.length; place += 1) {
    if (text[place] === "\\") place += 1;
    else if (text[place] === signs[0]) depth += 1;
    else if (text[place] === signs[1] && (depth -= 1) === 0) return place;
  }
  return -1;
}

function linkAt(text, place) {
  const end = closing(text, place, "[]");
  if (end < 0 || text[end + 1] !== "(") return null;
  const close = closing(text, end + 1, "()");
  if (close < 0) return null;
  const target = text.slice(end + 2, close).trim().replace(/^<(.*)>$/, "$1").replace(/\s+"[^"]*"$/, "");
  return { node: link(plain(target), inline(text.slice(place + 1, end))), end: close + 1 };
}

function plain(text) {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1").replace(/&(?:#\w+|\w+);/g, (one) => entity(one)?.text ?? one);
}

function emphasisAt(text, place) {
  for (const [mark, tag] of [["**", "strong"], ["__", "strong"], ["~~", "s"], ["*", "em"], ["_", "em"]]) {
    if (!text.startsWith(mark, place) || /\s/.test(text[place + mark.length] ?? " ")) continue;
    if (mark[0] === "_" && /\w/.test(text[place - 1] ?? "")) continue;
    let end = text.indexOf(mark, place + mark.length);
    while (end > 0 && (text[end - 1] === "\\" || /\s/.test(text[end - 1]))) end = text.indexOf(mark, end + 1);
    if (end > 0) {
      return { node: el(tag, {}, inline(text.slice(place + mark.length, end))), end: end + mark.length };
    }
  }
  return null;
}

export function inline(text) {
  const made = [];
  let said = "";
  const add = (node) => { if (said) made.push(said); said = ""; made.push(node); };
  for (let place = 0; place < text.length;) {
    const sign = text[place];
    const rest = text.slice(place);
    if (sign === "\\" && text[place + 1] === "\n") { add(el("br")); place += 2; continue; }
    if (sign === "\\" && ESCAPABLE.test(text[place + 1] ?? "")) { said += text[place + 1]; place += 2; continue; }
    if (sign === "\n") { said = said.replace(/ +$/, ""); add(el("br")); place += 1; continue; }
    const named = sign === "&" ? entity(rest) : null;
    if (named) { said += named.text; place += named.length; continue; }
    const code = sign === "`" ? /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(rest) : null;
    if (code) { add(el("code", { text: code[2].trim() })); place += code[0].length; continue; }
    const auto = sign === "<" ? /^<(https?:[^<>\s]+)>/.exec(rest) : null;
    if (auto) { add(link(auto[1], auto[1])); place += auto[0].length; continue; }
    const bare = sign === "h" && !/\w/.test(text[place - 1] ?? "") ? /^https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/.exec(rest) : null;
    if (bare) { add(link(bare[0], bare[0])); place += bare[0].length; continue; }
    const found = sign === "[" ? linkAt(text, place) : "*_~".includes(sign) ? emphasisAt(text, place) : null;
    if (found) { add(found.node); place = found.end; continue; }
    said += sign;
    place += 1;
  }
  if (said) made.push(said);
  return made;
}

function cells(line) {
  return line.trim().replace(/^\||(?<!\\)\|$/g, "").split(/(?<!\\)\|/).map((one) => one.trim());
}

function table(lines) {
  const [head, , ...rows] = lines.map(cells);
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "Table" }, el("table", {},
    el("thead", {}, el("tr", {}, head.map((one) => el("th", { scope: "col" }, inline(one))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((one) => el("td", {}, inline(one))))))));
}

function listed(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const items = [];
  for (const line of lines) {
    const begun = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line);
    if (begun) items.push(begun[1]);
    else items[items.length - 1] += `\n${line.trim()}`;
  }
  return el(ordered ? "ol" : "ul", {}, items.map((one) => el("li", {}, inline(one))));
}

const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const STARTS = [/^```/, /^#{1,6}\s/, /^>/, ITEM, /^\s*(?:[-*_]\s*){3,}$/];

function take(lines, fits) {
  const taken = [];
  while (lines.length && fits(lines[0], taken)) taken.push(lines.shift());
  return taken;
}

// `level` is that of all headings: what stands above them is the page's.
export function markdown(text, level) {
  const lines = text.split("\n");
  const made = [];
  while (lines.length) {
    const line = lines[0];
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (!line.trim()) lines.shift();
    else if (line.startsWith("```")) {
      lines.shift();
      made.push(el("pre", { text: take(lines, (one) => !one.startsWith("```")).join("\n"), tabindex: "0" }));
      lines.shift();
    } else if (heading) {
      lines.shift();
      made.push(el("p", { class: "heading", role: "heading", "aria-level": level }, inline(heading[2])));
    } else if (/^\s*(?:[-*_]\s*){3,}$/.test(line)) {
      lines.shift();
      made.push(el("hr"));
    } else if (line.startsWith(">")) {
      made.push(el("blockquote", {}, markdown(take(lines, (one) => one.startsWith(">")).map((one) => one.replace(/^> ?/, "")).join("\n"), level)));
    } else if (ITEM.test(line)) {
      made.push(listed(take(lines, (one) => one.trim() && (ITEM.test(one) || /^\s/.test(one)))));
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[1] ?? "")) {
      made.push(table(take(lines, (one) => one.includes("|"))));
    } else {
      made.push(el("p", {}, inline(take(lines, (one, taken) => one.trim() && (!taken.length || !STARTS.some((start) => start.test(one)))).join("\n"))));
    }
  }
  return made;
}
