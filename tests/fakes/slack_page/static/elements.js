// What can be pressed or filled in. `press(element, more)` sends a click; an input says by `read()` what it holds.

import { el, webAddress } from "./dom.js";
import { textObject } from "./text.js";

let numbers = 0;

export function freshId() {
  numbers += 1;
  return `e${numbers}`;
}

function label(text) {
  return text?.text ?? "";
}

function pressed(element, place, more = {}) {
  place.press(element, more);
}

function button(element, place) {
  const focus = `${element.action_id}/${element.value ?? ""}`;
  const own = { class: element.style ?? "", "data-focus": focus, "aria-label": element.accessibility_label };
  const address = webAddress(element.url ?? "");
  if (address) {
    return el("a", { ...own, class: "button", href: address, target: "_blank", rel: "noopener noreferrer",
      onclick: () => pressed(element, place) }, textObject(element.text, place.names));
  }
  return el("button", { ...own, type: "button", onclick: () => pressed(element, place) }, textObject(element.text, place.names));
}

function thumbs(element, place) {
  const made = [["👍", element.positive_button], ["👎", element.negative_button]].map(([sign, one]) => {
    const focus = `${element.action_id}/${one.value}`;
    return el("button", { type: "button", class: "icon", "data-focus": focus, title: label(one.text),
      "aria-label": one.accessibility_label ?? label(one.text), "aria-pressed": String(place.pressed(element) === one.value),
      onclick: () => pressed(element, place, { value: one.value }) }, el("span", { "aria-hidden": "true", text: sign }));
  });
  return el("span", { role: "group", class: "row", "aria-label": "Feedback" }, made);
}

function iconButton(element, place) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(place.me)) return "";
  return el("button", { type: "button", class: "icon", "data-focus": element.action_id, title: label(element.text),
    "aria-label": element.accessibility_label ?? label(element.text), onclick: () => pressed(element, place) },
  el("span", { "aria-hidden": "true", text: "🗑" }));
}

function optionsOf(element) {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((one) => one.options)];
}

function menu(element, place) {
  const said = label(element.placeholder) || (element.type === "overflow" ? "More" : "Choose");
  const made = el("select", { "aria-label": said, "data-focus": element.action_id, onchange: () => {
    if (made.value) pressed(element, place, { option: made.value });
  } }, el("option", { value: "", text: said }), optionsOf(element).map((one) => el("option", { value: one.value, text: label(one.text) })));
  made.value = element.initial_option?.value ?? "";
  return made;
}

function radios(element, place) {
  const group = choices(element, "radio", element.initial_option ? [element.initial_option.value] : [], place);
  group.node.addEventListener("change", () => pressed(element, place, { option: group.chosen()[0] }));
  return group.node;
}

export function element(one, place) {
  switch (one.type) {
    case "button": return button(one, place);
    case "feedback_buttons": return thumbs(one, place);
    case "icon_button": return iconButton(one, place);
    case "static_select": case "overflow": return menu(one, place);
    case "radio_buttons": return radios(one, place);
    case "image": return el("span", { class: "picture", text: `[${one.alt_text}]` });
    default: return el("span", { class: "picture", text: `[${one.type}]` });
  }
}

function choices(one, kind, initial, place) {
  const name = freshId();
  const options = optionsOf(one);
  const boxes = options.map((option) => el("input", { type: kind, name, value: option.value, checked: initial.includes(option.value) }));
  const node = el("div", { class: "choices" }, options.map((option, number) => el("label", {}, boxes[number],
    el("span", {}, textObject(option.text, place.names)),
    option.description ? el("span", { class: "help" }, textObject(option.description, place.names)) : "")));
  return { node, options, chosen: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

function several(one, kind, initial, place) {
  const group = choices(one, kind, initial, place);
  const found = () => group.options.filter((option) => group.chosen().includes(option.value));
  const read = () => (kind === "radio" ? { selected_option: found()[0] ?? null } : { selected_options: found() });
  return { node: group.node, group: true, read, empty: () => found().length === 0 };
}

function chooser(one, multiple) {
  const options = optionsOf(one);
  const initial = multiple ? one.initial_options ?? [] : [one.initial_option].filter(Boolean);
  const node = el("select", { multiple }, multiple ? "" : el("option", { value: "", text: label(one.placeholder) || "Choose" }),
    options.map((option) => el("option", { value: option.value, text: label(option.text),
      selected: initial.some((chosen) => chosen.value === option.value) })));
  const found = () => options.filter((option) => [...node.selectedOptions].some((chosen) => chosen.value === option.value));
  const read = () => (multiple ? { selected_options: found() } : { selected_option: found()[0] ?? null });
  return { node, read, empty: () => found().length === 0 };
}

// A menu of what the person has: `kind` is user, channel or conversation.
function known(one, kind, place) {
  const node = el("select", {}, el("option", { value: "", text: label(one.placeholder) || "Choose" }),
    place.known[`${kind}s`].map((each) => el("option", { value: each.id, text: each.name, selected: each.id === one[`initial_${kind}`] })));
  return { node, read: () => ({ [`selected_${kind}`]: node.value || null }), empty: () => !node.value };
}

function field(one, type, name) {
  const own = { placeholder: label(one.placeholder) || undefined, maxlength: one.max_length, minlength: one.min_length };
  const node = one.multiline ? el("textarea", { ...own, rows: "4" }) : el("input", { ...own, type });
  node.value = one.initial_value ?? one.initial_date ?? one.initial_time ?? "";
  return { node, read: () => ({ [name]: node.value || null }), empty: () => !node.value.trim() };
}

// Returns { node, group, read, empty } of the element of an input block; null for one that this page has not.
export function input(one, place) {
  switch (one.type) {
    case "plain_text_input": return field(one, "text", "value");
    case "email_text_input": return field(one, "email", "value");
    case "url_text_input": return field(one, "url", "value");
    case "number_input": return field(one, "number", "value");
    case "datepicker": return field(one, "date", "selected_date");
    case "timepicker": return field(one, "time", "selected_time");
    case "radio_buttons": return several(one, "radio", one.initial_option ? [one.initial_option.value] : [], place);
    case "checkboxes": return several(one, "checkbox", (one.initial_options ?? []).map((chosen) => chosen.value), place);
    case "static_select": return chooser(one, false);
    case "multi_static_select": return chooser(one, true);
    case "users_select": case "channels_select": case "conversations_select": return known(one, one.type.split("s_")[0], place);
    default: return null;
  }
}
