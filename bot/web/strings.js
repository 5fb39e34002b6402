// What the page itself says, in the language chosen. English sentences are the keys; the server sends the rest.

/** @typedef {"en" | "zh-Hans" | "zh-Hant"} Language */

/** @type {Record<Language, string>} */
export const OWN_NAMES = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

/** @type {Record<string, string>} */
let translations = {};

/**
 * Say an English sentence in the page's language; English where there is no translation.
 * @param {string} sentence
 */
export function _(sentence) {
  return translations[sentence] || sentence;
}

/**
 * Load the page's sentences in a language. Without an answer they stay English: the page must work.
 * @param {URL} base root of the server
 * @param {Language} language
 */
export async function speak(base, language) {
  if (language === "en") {
    translations = {};
    return;
  }
  try {
    const answer = await fetch(new URL(`chat/strings/${language}.json`, base), { credentials: "omit" });
    translations = answer.ok ? await answer.json() : {};
  } catch {
    translations = {};
  }
}

/**
 * Choose one of the page's languages for what the browser asks for.
 * @param {readonly string[]} tags BCP 47, most wanted first
 * @returns {Language}
 */
export function negotiate(tags) {
  for (const tag of tags) {
    const [primary, ...rest] = tag.toLowerCase().split("-");
    if (primary === "en") return "en";
    if (primary === "yue") return "zh-Hant";
    if (primary === "zh" || primary === "cmn") {
      return rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part)) ? "zh-Hant" : "zh-Hans";
    }
  }
  return "en";
}
