// The parts of the chat that stand still: bar, promises, log, the box to write in. The page and the widget share them.

import { button, icon, make } from "./dom.js";
import { _ } from "./strings.js";

const SHIELD = ["M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z", "M8.2 11.8 11 14.6l5-5.2"];
const PLANE = "M4 12 20 4l-5 16-3.5-6.5z";
const CLIP = ["", "m20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7"];
const DASH = ["", "M6 12h12"];

/** @typedef {{leave: () => void, hide: () => void, enlarge: () => void, show: (file: File) => void}} Presses */
/** @typedef {ReturnType<typeof buildFrame>} Frame */

/** @returns {SVGElement} */
export const mark = () => icon("mark", ...SHIELD);

/**
 * @param {boolean} full whether the chat is the whole page, not a panel on another
 * @param {Presses} press
 */
export function buildFrame(full, press) {
  /** @type {[Node, string, () => string][]} */
  const texts = [];
  /**
   * @template {Element} T
   * @param {T} element
   * @param {() => string} say
   * @param {string} [attribute] which to set; the content unless given
   */
  const said = (element, say, attribute = "") => {
    texts.push([element, attribute, say]);
    return element;
  };
  /**
   * @param {string} tag
   * @param {string} className
   * @param {() => string} say
   */
  const words = (tag, className, say) => said(make(tag, className), say);

  const name = make("span", "");
  const languages = said(make("div", "languages"), () => _("Language"), "aria-label");
  languages.setAttribute("role", "group");
  const size = said(button("tool", "A", press.enlarge), () => _("Text size"), "aria-label");
  const hide = button("tool hide", "", press.hide);
  hide.append(icon("", ...DASH));
  hide.hidden = full;
  const exit = button("exit", "", press.leave);
  exit.id = "exit";
  const bar = make(
    full ? "header" : "div", "bar",
    make(
      "div", "bar-inner", make(full ? "h1" : "h2", "name", mark(), name),
      make("div", "tools", languages, size), said(exit, () => _("Leave this page")),
      said(hide, () => _("Close the chat; the talk stays"), "aria-label"),
    ),
  );

  const title = words("h2", "unseen", () => _("Conversation"));
  title.id = "talk-title";
  const log = make("div", "log");
  log.id = "log";
  for (const [key, value] of Object.entries({
    role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-labelledby": "talk-title",
  })) log.setAttribute(key, value);
  const typing = make("p", "typing");
  typing.id = "typing";
  typing.setAttribute("role", "status");
  const scroller = make(
    full ? "main" : "div", "scroller",
    make(
      "div", "columns",
      make(
        "section", "about",
        words("p", "danger", () => _("In danger right now? Call your local emergency number first.")),
        words("h2", "", () => _("Before you start")),
        make(
          "ul", "",
          words("li", "", () => _("You are writing with a computer program, not the police and not a lawyer.")),
          words("li", "", () => _("It never asks for money, codes or passwords.")),
          words("li", "", () => _("You can stop at any time and skip any question.")),
        ),
        make(
          "p", "", words("span", "", () => _('"Leave this page" clears the talk and opens another site.')), " ",
          words("span", "keys", () => _("Pressing Esc twice does the same.")),
        ),
      ),
      make("section", "talk", title, log, typing),
    ),
  );
  scroller.id = "scroller";
  scroller.tabIndex = -1;

  const text = /** @type {HTMLTextAreaElement} */ (make("textarea", ""));
  Object.assign(text, { id: "text", rows: 1, enterKeyHint: "send", autocapitalize: "sentences" });
  said(text, () => _("Write in your own words"), "placeholder");
  said(text, () => _("Your message"), "aria-label");
  const send = make("button", "send", icon("", PLANE), words("span", "", () => _("Send")));
  const file = /** @type {HTMLInputElement} */ (make("input", ""));
  file.type = "file";
  file.hidden = true;
  file.addEventListener("change", () => {
    if (file.files?.[0]) press.show(file.files[0]);
    file.value = "";
  });
  const attach = said(button("tool", "", () => file.click()), () => _("Show a chat saved as a text file"), "aria-label");
  attach.append(icon("", ...CLIP));
  const form = make("form", "form", file, attach, text, send);
  form.setAttribute("autocomplete", "off");
  const state = make("div", "state");
  state.id = "state";
  state.setAttribute("role", "status");
  const compose = make(
    full ? "footer" : "div", "compose",
    make(
      "div", "compose-inner", state, form,
      words("p", "reminder", () => _("Never send codes, passwords or card numbers here.")),
    ),
  );
  const shell = make("div", full ? "shell full" : "shell panel", bar, scroller, compose);
  if (!full) {
    shell.setAttribute("role", "dialog");
    said(shell, () => _("Chat"), "aria-label");
  }
  const paint = () => {
    for (const [element, attribute, say] of texts) {
      if (attribute) /** @type {Element} */ (element).setAttribute(attribute, say());
      else element.textContent = say();
    }
  };
  return { shell, name, languages, scroller, log, typing, state, form, text, paint };
}
