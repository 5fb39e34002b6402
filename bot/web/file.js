// Reads a chat that was saved as a text file. It is read here and sent as words: no file leaves the device.

const LARGEST = 256 * 1024;
const LONGEST = 15000;

/**
 * @param {File} file
 * @returns {Promise<string>} its text, at most the beginning; empty when it is none that can be read
 */
export async function readText(file) {
  const isText = file.type.startsWith("text/") || file.name.toLowerCase().endsWith(".txt");
  if (!isText || file.size > LARGEST) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  const marked = { 0xfffe: "utf-16le", 0xfeff: "utf-16be" }[(bytes[0] << 8) + bytes[1]];
  for (const encoding of [marked ?? "utf-8", "gb18030"]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes("\0")) return text.trim().slice(0, LONGEST);
    } catch {
      // The next one.
    }
  }
  return "";
}
