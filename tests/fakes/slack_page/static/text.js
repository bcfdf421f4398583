// Slack's texts as elements: plain text, mrkdwn, rich text. `names` tells how people, channels and groups are called.

import { el, link } from "./dom.js";

const EMOJI = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", eyes: "👀", heart: "❤️", tada: "🎉",
  white_check_mark: "✅", warning: "⚠️", x: "❌", lock: "🔒", wave: "👋", hourglass_flowing_sand: "⏳",
};
const PATTERN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\s][^<>]*)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])|\n/g;

export function emoji(name, unicode) {
  if (unicode) return String.fromCodePoint(...unicode.split("-").map((one) => parseInt(one, 16)));
  return EMOJI[name] ?? `:${name}:`;
}

export function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function mention(sign, name) {
  return el("span", { class: "mention", text: `${sign}${name}` });
}

function bracketed(inside, names) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return mention("@", names.users[target.slice(1)] ?? label ?? target.slice(1));
  if (target.startsWith("#")) return mention("#", names.channels[target.slice(1)] ?? label ?? target.slice(1));
  if (target.startsWith("!subteam^")) return mention("@", names.groups[target.slice(9)] ?? label ?? "group");
  if (target.startsWith("!")) return mention("@", (label ?? target.slice(1)).replace(/^@/, ""));
  return link(unescaped(target), unescaped(label ?? target));
}

export function mrkdwn(text, names) {
  const made = [];
  let place = 0;
  for (const found of text.matchAll(PATTERN)) {
    made.push(unescaped(text.slice(place, found.index)));
    const [all, fenced, code, inside, bold, italic, strike] = found;
    if (all === "\n") made.push(el("br"));
    else if (fenced !== undefined) made.push(el("pre", { text: unescaped(fenced), tabindex: "0" }));
    else if (code !== undefined) made.push(el("code", { text: unescaped(code) }));
    else if (inside !== undefined) made.push(bracketed(inside, names));
    else if (bold !== undefined) made.push(el("strong", {}, mrkdwn(bold, names)));
    else if (italic !== undefined) made.push(el("em", {}, mrkdwn(italic, names)));
    else made.push(el("s", {}, mrkdwn(strike, names)));
    place = found.index + all.length;
  }
  made.push(unescaped(text.slice(place)));
  return made;
}

// A text object of either kind; line ends are kept.
export function textObject(object, names) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  return object.text.split("\n").flatMap((line, number) => (number ? [el("br"), line] : [line]));
}

function leaf(element, names) {
  switch (element.type) {
    case "text": return broken(element.text);
    case "link": return [link(element.url, element.text || element.url)];
    case "user": return [mention("@", names.users[element.user_id] ?? element.user_id)];
    case "channel": return [mention("#", names.channels[element.channel_id] ?? element.channel_id)];
    case "usergroup": return [mention("@", names.groups[element.usergroup_id] ?? element.usergroup_id)];
    case "broadcast": return [mention("@", element.range)];
    case "emoji": return [emoji(element.name, element.unicode)];
    case "date": return [element.fallback ?? new Date(element.timestamp * 1000).toLocaleString()];
    default: return [element.value ?? element.type];
  }
}

function broken(text) {
  return text.split("\n").flatMap((line, number) => (number ? [el("br"), line] : [line]));
}

function styled(element, names) {
  let made = leaf(element, names);
  const style = element.style ?? {};
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]]) {
    if (style[name]) made = [el(tag, {}, made)];
  }
  return made;
}

function leaves(elements, names) {
  return elements.flatMap((one) => styled(one, names));
}

export function richText(block, names) {
  return block.elements.map((one) => {
    switch (one.type) {
      case "rich_text_list":
        return el(one.style === "ordered" ? "ol" : "ul",
          { class: `indent-${Math.min(one.indent ?? 0, 4)}`, start: one.offset ? one.offset + 1 : undefined },
          one.elements.map((inner) => el("li", {}, leaves(inner.elements, names))));
      case "rich_text_quote": return el("blockquote", {}, leaves(one.elements, names));
      case "rich_text_preformatted": return el("pre", { tabindex: "0" }, leaves(one.elements, names));
      default: return el("p", {}, leaves(one.elements, names));
    }
  });
}
