// Prints one message and nothing around it, from a frame of its own: the host page's styles and title stay out of it.

const STYLE = "body { font: 14pt/1.5 serif; } button, .unseen { display: none; } li { margin-bottom: 0.4em; }"
  + " .step { list-style: none; } .step span::first-letter { text-transform: uppercase; }";
const GONE_AFTER = 60000;

/**
 * @param {Element} words
 * @param {string} language
 */
export function printWords(words, language) {
  const frame = document.createElement("iframe");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  Object.assign(frame.style, { position: "fixed", inset: "100% auto auto 100%", width: "0", height: "0", border: "0" });
  document.body.append(frame);
  const inside = /** @type {(Window & typeof globalThis) | null} */ (frame.contentWindow);
  if (!inside) return;
  const sheet = new inside.CSSStyleSheet();
  sheet.replaceSync(STYLE);
  inside.document.adoptedStyleSheets = [sheet];
  inside.document.documentElement.lang = language;
  inside.document.body.append(inside.document.importNode(words, true));
  const remove = () => frame.remove();
  inside.addEventListener("afterprint", remove);
  setTimeout(remove, GONE_AFTER);
  inside.print();
}
