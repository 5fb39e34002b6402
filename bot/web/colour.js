// Whatever colour an operator picks, words in it and on it can be read.

const READABLE = 4.6;
const HEX = /^#[0-9a-f]{6}$/iu;

/** @typedef {[number, number, number]} Colour */

/** @param {Colour} colour */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {Colour} one
 * @param {Colour} other
 */
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Move a colour towards black or white until it can be read on all the grounds.
 * @param {string} hex
 * @param {Colour[]} grounds
 * @param {0 | 255} end
 * @returns {{lead: string, ink: string} | null} null for what is not a colour such as #0f5c5c
 */
export function readable(hex, grounds, end) {
  if (!HEX.test(hex)) return null;
  const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  for (let share = 0; ; share += 0.05) {
    const mixed = /** @type {Colour} */ (wanted.map((part) => Math.round(part + (end - part) * Math.min(share, 1))));
    if (share >= 1 || grounds.every((ground) => contrast(mixed, ground) >= READABLE)) {
      const ink = contrast(mixed, [255, 255, 255]) >= READABLE ? "#fff" : "#000";
      return { lead: `rgb(${mixed.join(" ")})`, ink };
    }
  }
}
