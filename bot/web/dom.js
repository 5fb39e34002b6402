// Builds nodes. Nothing in this chat is ever made from markup, so no text can become any.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/**
 * @param {string} className
 * @param {string} title
 * @param {(event: Event) => void} press
 */
export function button(className, title, press) {
  const element = /** @type {HTMLButtonElement} */ (make("button", className, title));
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

/**
 * @param {string} className
 * @param {...string} paths the second and later ones are drawn as lines
 */
export function icon(className, ...paths) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", className);
  picture.setAttribute("aria-hidden", "true");
  paths.forEach((path, index) => {
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", path);
    if (index) shape.setAttribute("class", "line");
    picture.append(shape);
  });
  return picture;
}

/** @returns {string} a random UUID, also where `crypto.randomUUID` is withheld (plain HTTP) */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/u, "$1-$2-4$3-8$4-$5");
}
