/** The server's operations on documents and training; fetched with their screens. */
import { get, post, put } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";
import type { Secrets, SigningRequest } from "../../../api/types.ts";

type S = components["schemas"];
export type DocumentLine = S["DocumentLine"];
export type DocumentCard = S["DocumentCard"];
export type DocumentSheet = S["DocumentSheet"];
export type Question = S["Question"];
export type Need = S["Need"];
export type Lesson = S["Lesson"];
type DocumentDraft = S["DocumentDraft"];
type Kind = DocumentLine["kind"];

interface Signature extends Secrets {
  id: string;
  nonce: string;
  digest: string;
  accountability_accepted: boolean;
}

const one = (id: string) => `/api/documents/${id}`;
const version = (id: string) => `/api/document-versions/${id}`;

export const listDocuments = (words: string) => get<DocumentLine[]>(`/api/documents?words=${encodeURIComponent(words)}`);
export const addDocument = (body: { id: string; number: string; name: { en: string; zh: string }; kind: Kind; revision: string }) =>
  post<DocumentDraft>("/api/documents", body);
export const getDocument = (id: string) => get<DocumentCard>(one(id));
export const changeDocument = (id: string, body: { id: string; name: { en: string; zh: string }; kind: Kind; owner_id: string }) =>
  put<unknown>(one(id), body);
export const openRevision = (id: string, body: { id: string; revision: string }) => post<DocumentDraft>(`${one(id)}/drafts`, body);
export const withdrawDocument = (id: string, body: { id: string; reason: string }) => post<DocumentDraft>(`${one(id)}/withdrawal`, body);
export const setNeeds = (id: string, body: { id: string; needs: Need[] }) => put<unknown>(`${one(id)}/training-needs`, body);
export const getDocumentVersion = (id: string) => get<DocumentSheet>(version(id));
export const keepText = (
  id: string,
  body: { id: string; version: number; text: string; questions: Question[]; change: string; file: string | null },
) => put<DocumentDraft>(`${version(id)}/text`, body);
export const submitText = (id: string, body: { id: string; version: number }) => post<DocumentDraft>(`${version(id)}/submission`, body);
export const returnText = (id: string, body: { id: string; version: number; reason: string }) =>
  post<DocumentDraft>(`${version(id)}/return`, body);
export const beginDocumentApproval = (id: string, body: { id: string; passkey: boolean; language: string }) =>
  post<SigningRequest>(`${version(id)}/signing`, body);
export const approveDocument = (id: string, body: Signature) => post<DocumentDraft>(`${version(id)}/approval`, body);
export const listTraining = () => get<S["LessonLine"][]>("/api/training");
export const getLesson = (id: string) => get<Lesson>(`/api/training/${id}`);
export const finishTraining = (id: string, body: { id: string; read_at: string; answers: number[] }) =>
  post<S["TrainingResult"]>(`/api/training/${id}`, body);
export const getMatrix = () => get<S["TrainingMatrix"]>("/api/training-matrix");
