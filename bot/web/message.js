// One message as it stands in the log, with what can be done with it: press, copy, print.

import { paintClock } from "./clock.js";
import { button, make } from "./dom.js";
import { printWords } from "./printing.js";
import { richText, wordsToSay } from "./richtext.js";
import { _ } from "./strings.js";

/** @typedef {import("./talk.js").Said} Said */
/** @typedef {import("./talk.js").Mine} Mine */
/** @typedef {import("./talk.js").Step} Step */
/** @typedef {{press: (title: string, choice: HTMLElement) => void, tick: (step: Step, done: boolean) => void,
 *   keep: () => Promise<boolean>}} Uses */

/**
 * @param {Said} said
 * @param {string} pageLanguage
 * @param {Uses} use
 */
export function paintSaid(said, pageLanguage, use) {
  const language = said.language ?? pageLanguage;
  const words = make("div", "words", richText(said.text));
  const item = make("div", "entry bot", make("span", "unseen", _("Reply:")), words);
  item.lang = language;
  if (said.until) words.prepend(paintClock(said.until));
  const uses = make("div", "uses", ...wordsToSay(said.text).map(copyButton));
  if (said.checklist) paintChecklist(words, said.checklist, use.tick);
  item.classList.toggle("plan", Boolean(said.checklist));
  if (said.checklist || words.querySelector("ol")) {
    uses.append(button("again", _("Print these steps"), () => printWords(words, language)));
  }
  if (said.file) uses.append(keepButton(use.keep));
  if (uses.childElementCount) item.append(uses);
  if (said.buttons.length) item.append(paintChoices(said, use.press));
  return item;
}

/**
 * Put boxes in the place of the lines that name the steps.
 * @param {HTMLElement} words
 * @param {Step[]} steps
 * @param {Uses["tick"]} tick
 */
function paintChecklist(words, steps, tick) {
  const lines = [...words.querySelectorAll("li")];
  for (const step of steps) {
    const line = lines.find((candidate) => candidate.textContent === step.line);
    if (!line) continue;
    const box = /** @type {HTMLInputElement} */ (make("input", "box"));
    box.type = "checkbox";
    box.name = step.name;
    box.checked = step.done;
    box.addEventListener("change", () => tick(step, box.checked));
    line.className = "step";
    line.replaceChildren(make("label", "", box, make("span", "", step.title)));
  }
}

/**
 * @param {Said} said
 * @param {Uses["press"]} press
 */
function paintChoices(said, press) {
  const choices = said.buttons.map((title) => {
    const choice = button("choice", title, () => press(title, choice));
    choice.setAttribute("aria-pressed", String(said.pressed === title));
    return choice;
  });
  const group = make("div", "choices", ...choices);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", _("Suggested answers"));
  return group;
}

/** @param {Mine} mine */
export function paintMine(mine) {
  const words = make("div", "words", mine.evidence ?? mine.text);
  const item = make("div", "entry me", make("span", "unseen", _("You said:")), words, make("div", "fate"));
  item.dataset.clientId = mine.clientId;
  return item;
}

/** @param {Uses["keep"]} keep */
function keepButton(keep) {
  const save = button("again", _("Save as a file"), async () => {
    save.textContent = await keep() ? _("Saved. The file stays on this device.") : _("Please copy it by hand");
  });
  return save;
}

/** @param {string} words */
function copyButton(words) {
  const copy = button("again", _("Copy the words to say"), async () => {
    try {
      await navigator.clipboard.writeText(words);
      copy.textContent = _("Copied");
    } catch {
      copy.textContent = _("Please copy it by hand");
    }
  });
  return copy;
}
