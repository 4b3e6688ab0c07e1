/** Words of documents and training. */
import type { Facts } from "../../../api/types.ts";
import type { DocumentWords } from "../../../words/desk/documents_en.ts";
import { wordOf } from "../../../words/words.svelte.ts";

type Said = keyof DocumentWords extends infer Key ? (Key extends `doc.${infer Rest}` ? Rest : never) : never;

export const say = (key: Said, facts: Facts = {}): string => wordOf("doc", key, facts) ?? "";

export const KINDS = ["method", "procedure", "specification", "plan", "calibration_certificate", "supplier_certificate"] as const;
