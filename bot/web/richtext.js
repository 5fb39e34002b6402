// Turns what the bot says (plain text) into document nodes: paragraphs, lists, links, numbers that dial.
// Only nodes are built, never markup, so a text can do nothing but be read.

import { _ } from "./strings.js";

const LINK = /https?:\/\/[^\s<>"'，。；：、！？（）【】「」『』《》]+/giu;
const NUMBERED = /^\s*(\d{1,2})(?:[.)]\s+|[、．）]\s*)(.+)$/u;
const CONTINUED = /^ {2,}\S/u;
const BULLETED = /^\s*[-•*·]\s+(.+)$/u;

// A number dials when it is written like one that does (with a country code, or grouped as such numbers are),
// or when the words before it say to call it. Dates, amounts and references do neither.
const GROUPED = String.raw`\d(?:[\d\s().-]{1,18}\d)?`;
const CALL = String.raw`(?:\b(?:call|dial|phone|ring|hotline|tel)\b[:.]?(?:\s+(?:us|the police|them))?(?:\s+(?:on|at))?`
  + String.raw`|[拨撥]打?|打|致[电電]|[电電][话話]|[热熱][线線]|[专專][线線]|☎)\s*[:：]?\s*`;
const UNIT = String.raw`(?![\d/]|[-.,]\d|\s*(?:%|元|块|塊|天|年|月|日|小时|小時|分|次|hours?|days?|minutes?|times?)(?![a-z]))`;
const PHONE = new RegExp(
  String.raw`(?<![\w+$€£¥.,/-])(?:\+\d[\d\s().-]{5,18}\d`
    + String.raw`|(?:1[-\s])?\(?\d{3}\)?[-\s]\d{3}[-\s]\d{4}`
    + String.raw`|0\d{1,4}[-\s]\d{3,4}[-\s]?\d{3,4}|1[38]00[-\s]\d{3}[-\s]\d{3})${UNIT}`
    + String.raw`|(?<=${CALL})${GROUPED}${UNIT}`
    + String.raw`|(?<=${CALL}\d{3,6}\s*(?:or|或|或者|、|\/)\s*)\d{3,6}${UNIT}`,
  "giu",
);
const FEWEST_DIGITS = 3;
const MOST_DIGITS = 15;

/**
 * Build the nodes of one message.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function richText(text) {
  const fragment = document.createDocumentFragment();
  for (const block of text.split(/\n\s*\n/u)) appendBlock(fragment, block.split("\n"));
  return fragment;
}

/**
 * @param {DocumentFragment} fragment
 * @param {string[]} lines
 */
function appendBlock(fragment, lines) {
  let open = /** @type {HTMLElement | null} */ (null);
  for (const line of lines) {
    if (!line.trim()) continue;
    if (CONTINUED.test(line) && open?.lastElementChild?.localName === "li") {
      open.lastElementChild.append(document.createElement("br"));
      appendWords(/** @type {HTMLElement} */ (open.lastElementChild), line.trim());
      continue;
    }
    const numbered = NUMBERED.exec(line);
    const bulleted = numbered ? null : BULLETED.exec(line);
    const tag = numbered ? "ol" : bulleted ? "ul" : "p";
    const words = numbered?.[2] ?? bulleted?.[1] ?? line;
    if (open?.localName !== tag) {
      open = continued(fragment, tag, numbered) ?? fragment.appendChild(document.createElement(tag));
      if (numbered && !open.childElementCount) /** @type {HTMLOListElement} */ (open).start = Number(numbered[1]);
    } else if (tag === "p") {
      open.append(document.createElement("br"));
    }
    const place = tag === "p" ? open : open.appendChild(document.createElement("li"));
    appendWords(place, words);
  }
}

/**
 * The numbered list a step goes on with when a blank line stands between two steps.
 * @param {DocumentFragment} fragment
 * @param {string} tag
 * @param {RegExpExecArray | null} numbered
 * @returns {HTMLElement | null}
 */
function continued(fragment, tag, numbered) {
  const last = fragment.lastElementChild;
  if (!numbered || !(last instanceof HTMLOListElement) || last.localName !== tag) return null;
  return last.start + last.childElementCount === Number(numbered[1]) ? last : null;
}

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
function appendWords(place, words) {
  let from = 0;
  for (const match of words.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/u, "");
    const link = externalLink(address);
    if (!link) continue;
    appendPhones(place, words.slice(from, match.index));
    place.append(link);
    from = match.index + address.length;
  }
  appendPhones(place, words.slice(from));
}

/** @param {string} address */
function externalLink(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer external";
  link.className = "away";
  // Only the host, as the browser reads it: an address cannot pose as another.
  link.append(url.pathname === "/" && !url.search ? url.host : url.host + url.pathname + url.search);
  const where = document.createElement("span");
  where.className = "unseen";
  where.textContent = " " + _("(opens another site)");
  link.append(where);
  return link;
}

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
function appendPhones(place, words) {
  let from = 0;
  for (const match of words.matchAll(PHONE)) {
    const digits = match[0].replace(/[^\d+]/gu, "");
    const count = digits.replace("+", "").length;
    if (count < FEWEST_DIGITS || count > MOST_DIGITS) continue;
    const phone = document.createElement("a");
    phone.href = `tel:${digits}`;
    phone.className = "phone";
    phone.textContent = match[0];
    place.append(words.slice(from, match.index), phone);
    from = match.index + match[0].length;
  }
  place.append(words.slice(from));
}

// What the bot gives to be said to a bank stands in quotation marks after a colon.
const TO_SAY = /[:：]\s*(?:"([^"\n]{8,})"|“([^”\n]{8,})”|「([^」\n]{8,})」)/gu;

/**
 * The words of a message that are meant to be said or sent to somebody else.
 * @param {string} text
 */
export function wordsToSay(text) {
  return [...text.matchAll(TO_SAY)].map((match) => match[1] ?? match[2] ?? match[3]);
}
