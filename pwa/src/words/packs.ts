/** Where the words lie that only some screens need; the table comes with the first of them. */
export type Pack = Readonly<Record<string, string>>;

export const PACKS = {
  codes: {
    en: async (): Promise<Pack> => (await import("./codes_en.ts")).codesEn,
    zh: async (): Promise<Pack> => (await import("./codes_zh.ts")).codesZh,
  },
  record: {
    en: async (): Promise<Pack> => (await import("./record_en.ts")).recordEn,
    zh: async (): Promise<Pack> => (await import("./record_zh.ts")).recordZh,
  },
  events: {
    en: async (): Promise<Pack> => (await import("./events_en.ts")).eventsEn,
    zh: async (): Promise<Pack> => (await import("./events_zh.ts")).eventsZh,
  },
  scanning: {
    en: async (): Promise<Pack> => (await import("./scanning_en.ts")).scanningEn,
    zh: async (): Promise<Pack> => (await import("./scanning_zh.ts")).scanningZh,
  },
  floor: {
    en: async (): Promise<Pack> => (await import("./floor_en.ts")).floorEn,
    zh: async (): Promise<Pack> => (await import("./floor_zh.ts")).floorZh,
  },
  labels: {
    en: async (): Promise<Pack> => (await import("./labels_en.ts")).labelsEn,
    zh: async (): Promise<Pack> => (await import("./labels_zh.ts")).labelsZh,
  },
  stock: {
    en: async (): Promise<Pack> => (await import("./desk/stock_en.ts")).stockEn,
    zh: async (): Promise<Pack> => (await import("./desk/stock_zh.ts")).stockZh,
  },
  gauges: {
    en: async (): Promise<Pack> => (await import("./desk/gauges_en.ts")).gaugesEn,
    zh: async (): Promise<Pack> => (await import("./desk/gauges_zh.ts")).gaugesZh,
  },
  recall: {
    en: async (): Promise<Pack> => (await import("./desk/recall_en.ts")).recallEn,
    zh: async (): Promise<Pack> => (await import("./desk/recall_zh.ts")).recallZh,
  },
  dash: {
    en: async (): Promise<Pack> => (await import("./desk/dash_en.ts")).dashEn,
    zh: async (): Promise<Pack> => (await import("./desk/dash_zh.ts")).dashZh,
  },
  loop: {
    en: async (): Promise<Pack> => (await import("./desk/loop_en.ts")).loopEn,
    zh: async (): Promise<Pack> => (await import("./desk/loop_zh.ts")).loopZh,
  },
  suppliers: {
    en: async (): Promise<Pack> => (await import("./desk/suppliers_en.ts")).suppliersEn,
    zh: async (): Promise<Pack> => (await import("./desk/suppliers_zh.ts")).suppliersZh,
  },
  doubles: {
    en: async (): Promise<Pack> => (await import("./desk/doubles_en.ts")).doublesEn,
    zh: async (): Promise<Pack> => (await import("./desk/doubles_zh.ts")).doublesZh,
  },
  looks: {
    en: async (): Promise<Pack> => (await import("./desk/looks_en.ts")).looksEn,
    zh: async (): Promise<Pack> => (await import("./desk/looks_zh.ts")).looksZh,
  },
  imports: {
    en: async (): Promise<Pack> => (await import("./desk/imports_en.ts")).importsEn,
    zh: async (): Promise<Pack> => (await import("./desk/imports_zh.ts")).importsZh,
  },
  charts: {
    en: async (): Promise<Pack> => (await import("./desk/charts_en.ts")).chartsEn,
    zh: async (): Promise<Pack> => (await import("./desk/charts_zh.ts")).chartsZh,
  },
  more: {
    en: async (): Promise<Pack> => (await import("./desk/more_en.ts")).moreEn,
    zh: async (): Promise<Pack> => (await import("./desk/more_zh.ts")).moreZh,
  },
  documents: {
    en: async (): Promise<Pack> => (await import("./desk/documents_en.ts")).documentsEn,
    zh: async (): Promise<Pack> => (await import("./desk/documents_zh.ts")).documentsZh,
  },
  plans: {
    en: async (): Promise<Pack> => (await import("./desk/plans_en.ts")).plansEn,
    zh: async (): Promise<Pack> => (await import("./desk/plans_zh.ts")).plansZh,
  },
};

export type PackName = keyof typeof PACKS;
