/** The rear camera as a stream, with what the phone offers: torch, other lenses. */
import { lens, rememberLens } from "../preferences.ts";

export type CameraFault = "no_camera" | "camera_refused" | "camera_busy" | "camera_insecure";

export class CameraError extends Error {
  readonly code: CameraFault;
  constructor(code: CameraFault) {
    super(code);
    this.code = code;
  }
}

export interface Camera {
  stream: MediaStream;
  hasTorch: boolean;
  zoom: Zoom | null;
  canFocus: boolean;
  lenses: { id: string; name: string }[];
  setTorch(on: boolean): Promise<void>;
  setZoom(factor: number): Promise<void>;
  /** Sharpen and meter there; 0 to 1 across and down the frame. */
  focusAt(x: number, y: number): Promise<void>;
  stop(): void;
}

export interface Zoom {
  min: number;
  max: number;
  step: number;
  /** As it stands when the camera is opened. */
  now: number;
}

/** Browsers know these; TypeScript's types do not yet. */
interface LensCapabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min?: number; max?: number; step?: number };
  focusMode?: string[];
}
interface LensSetting extends MediaTrackConstraintSet {
  torch?: boolean;
  zoom?: number;
  focusMode?: string;
  pointsOfInterest?: { x: number; y: number }[];
}

export async function openCamera(lensId: string | null = lens()): Promise<Camera> {
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new CameraError("camera_insecure");
  const stream = await request(lensId);
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new CameraError("no_camera");
  const capabilities: LensCapabilities = track.getCapabilities?.() ?? {};
  const set = (setting: LensSetting) => track.applyConstraints({ advanced: [setting] });
  if (lensId !== null) rememberLens(lensId);
  const focusMode = ["single-shot", "continuous"].find((mode) => capabilities.focusMode?.includes(mode));
  return {
    stream,
    hasTorch: capabilities.torch === true,
    zoom: zoomOf(capabilities, track.getSettings()),
    canFocus: focusMode !== undefined,
    lenses: await listLenses(),
    setTorch: (torch) => set({ torch }),
    setZoom: (zoom) => set({ zoom }),
    focusAt: (x, y) => (focusMode ? set({ pointsOfInterest: [{ x, y }], focusMode }) : Promise.resolve()),
    stop: () => stream.getTracks().forEach((one) => one.stop()),
  };
}

/** Null where there is nothing to choose. */
function zoomOf({ zoom }: LensCapabilities, settings: MediaTrackSettings & { zoom?: number }): Zoom | null {
  const { min = 1, max = min, step = 0 } = zoom ?? {};
  return max > min ? { min, max, step: step > 0 ? step : (max - min) / 20, now: settings.zoom ?? min } : null;
}

async function request(lensId: string | null): Promise<MediaStream> {
  const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
  const rear = { ...size, facingMode: { ideal: "environment" } };
  const wanted = lensId === null ? rear : { ...size, deviceId: { exact: lensId } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    // The remembered lens may be gone: any rear camera is better than none.
    if (lensId !== null && error instanceof DOMException && error.name === "OverconstrainedError") return request(null);
    throw new CameraError(faultOf(error));
  }
}

async function listLenses(): Promise<{ id: string; name: string }[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

function faultOf(error: unknown): CameraFault {
  if (!(error instanceof DOMException)) return "no_camera";
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "camera_refused";
  return error.name === "NotReadableError" ? "camera_busy" : "no_camera";
}
