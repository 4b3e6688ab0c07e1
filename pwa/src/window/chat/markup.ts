/**
 * The light markup of chat messages (<b>, <i>, <code>) as pieces of text. Nothing of a message is ever given to the
 * browser as HTML: what is no known tag is shown as it stands.
 */
export interface Piece {
  text: string;
  style: "" | "b" | "i" | "code";
}

export function pieces(message: string): Piece[] {
  const found: Piece[] = [];
  let style: Piece["style"] = "";
  for (const part of message.split(/(<\/?(?:b|i|code)>)/)) {
    const tag = /^<(\/?)(b|i|code)>$/.exec(part);
    if (tag !== null) style = tag[1] === "/" ? "" : (tag[2] as Piece["style"]);
    else if (part !== "") found.push({ text: unescape(part), style });
  }
  return found;
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}
