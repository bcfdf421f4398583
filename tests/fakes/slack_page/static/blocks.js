// Block Kit as elements. `place` says where a block is shown: names, me, level of headings, known channels and people,
// press(element, more), pressed(element), and inputs, a list that gets those of a modal.

import { el, link } from "./dom.js";
import { element, freshId, input } from "./elements.js";
import { markdown } from "./markdown.js";
import { richText, textObject } from "./text.js";

const STATES = {
  pending: ["○", "to do"], in_progress: ["◐", "in progress"], complete: ["✓", "done"], error: ["✕", "failed"],
};

function section(block, place) {
  const text = block.text ? el("div", { class: "text" }, textObject(block.text, place.names)) : "";
  const fields = block.fields ? el("div", { class: "fields" }, block.fields.map((one) => el("p", {}, textObject(one, place.names)))) : "";
  const accessory = block.accessory ? el("div", { class: "accessory" }, element(block.accessory, place)) : "";
  return el("div", { class: "section" }, el("div", {}, text, fields), accessory);
}

function context(block, place) {
  return el("div", { class: "context" }, block.elements.map((one) =>
    el("p", {}, one.type === "image" ? `[${one.alt_text}]` : textObject(one, place.names))));
}

function container(block, place) {
  const title = block.title ? textObject(block.title, place.names) : richText(block.rich_text_title, place.names).map((one) => [...one.childNodes]);
  const subtitle = block.subtitle ? el("span", { class: "subtitle" }, textObject(block.subtitle, place.names)) : "";
  const inside = blocks(block.child_blocks, place);
  if (!block.is_collapsible) return el("div", { class: "container" }, el("p", { class: "title" }, title, subtitle), inside);
  return el("details", { class: "container", open: !block.default_collapsed }, el("summary", {}, title, subtitle), inside);
}

function cell(one, place) {
  if (one.type === "rich_text") return richText(one, place.names);
  return [one.type === "raw_number" ? one.text ?? String(one.value) : one.text];
}

function table(block, place) {
  const align = (number) => `align-${block.column_settings?.[number]?.align ?? "left"}`;
  const [head, ...rows] = block.rows;
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": block.caption ?? "Table" }, el("table", {},
    block.caption ? el("caption", { text: block.caption }) : "",
    el("thead", {}, el("tr", {}, head.map((one, number) => el("th", { scope: "col", class: align(number) }, cell(one, place))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((one, number) => el("td", { class: align(number) }, cell(one, place))))))));
}

function task(block, place) {
  const [sign, said] = STATES[block.status] ?? STATES.pending;
  const more = ["details", "output"].filter((name) => block[name]).map((name) => el("div", { class: "help" }, richText(block[name], place.names)));
  const sources = block.sources ? el("p", { class: "help" }, block.sources.flatMap((one, number) => [number ? ", " : "", link(one.url, one.text)])) : "";
  return el("div", { class: `task ${block.status}` }, el("span", { class: "sign", role: "img", "aria-label": said, text: sign }),
    el("div", {}, el("span", { text: block.title }), more, sources));
}

function plan(block, place) {
  return el("details", { class: "plan", open: true }, el("summary", { text: block.title }),
    (block.tasks ?? []).map((one) => task(one, place)));
}

function card(block, place) {
  const texts = ["title", "subtitle", "body"].filter((name) => block[name]).map((name) => el("p", { class: name }, textObject(block[name], place.names)));
  return el("div", { class: "container" }, texts, row(block.actions ?? [], place));
}

function row(elements, place) {
  return el("div", { class: "row" }, elements.map((one) => element(one, place)));
}

function inputBlock(block, place) {
  const field = input(block.element, place);
  if (!field) return el("p", { class: "help", text: `This page has no ${block.element.type}.` });
  const id = freshId();
  const wrong = el("p", { class: "wrong", id: `${id}-wrong` });
  const hint = block.hint ? el("p", { class: "help", id: `${id}-hint` }, textObject(block.hint, place.names)) : "";
  const said = [textObject(block.label, place.names), block.optional ? el("span", { class: "help", text: " (optional)" }) : ""];
  const described = `${block.hint ? `${id}-hint ` : ""}${id}-wrong`;
  field.node.setAttribute("aria-describedby", described);
  const own = { block: block.block_id, action: block.element.action_id, optional: Boolean(block.optional), ...field,
    tell: (text) => {
      wrong.textContent = text;
      (field.group ? field.node.querySelector("input") : field.node)?.setAttribute("aria-invalid", String(Boolean(text)));
    } };
  place.inputs?.push(own);
  if (field.group) return el("fieldset", { class: "input" }, el("legend", {}, said), field.node, hint, wrong);
  field.node.id = id;
  return el("div", { class: "input" }, el("label", { for: id }, said), field.node, hint, wrong);
}

function one(block, place) {
  switch (block.type) {
    case "rich_text": return el("div", { class: "text" }, richText(block, place.names));
    case "markdown": return el("div", { class: "text" }, markdown(block.text, place.level));
    case "section": return section(block, place);
    case "header": return el("p", { class: "heading", role: "heading", "aria-level": place.level }, textObject(block.text, place.names));
    case "context": return context(block, place);
    case "divider": return el("hr");
    case "actions": return row(block.elements, place);
    case "context_actions": return row(block.elements, place);
    case "container": return container(block, place);
    case "table": case "data_table": return table(block, place);
    case "plan": return plan(block, place);
    case "task_card": return task(block, place);
    case "alert": return el("p", { class: `note ${block.level ?? ""}` }, textObject(block.text, place.names));
    case "card": return card(block, place);
    case "carousel": return el("div", {}, block.elements.map((inner) => card(inner, place)));
    case "image": case "video": return el("p", { class: "picture", text: `[${block.alt_text}]` });
    case "input": return inputBlock(block, place);
    default: return el("p", { class: "picture", text: `[${block.type}]` });
  }
}

export function blocks(list, place) {
  return list.map((block) => one(block, place));
}
