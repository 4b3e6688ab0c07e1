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
  lenses: { id: string; name: string }[];
  setTorch(on: boolean): Promise<void>;
  stop(): void;
}

/** Browsers know `torch`; TypeScript's types do not yet. */
interface LampCapabilities extends MediaTrackCapabilities {
  torch?: boolean;
}

export async function openCamera(lensId: string | null = lens()): Promise<Camera> {
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new CameraError("camera_insecure");
  const stream = await request(lensId);
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new CameraError("no_camera");
  const capabilities: LampCapabilities = track.getCapabilities?.() ?? {};
  if (lensId !== null) rememberLens(lensId);
  return {
    stream,
    hasTorch: capabilities.torch === true,
    lenses: await listLenses(),
    setTorch: (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }),
    stop: () => stream.getTracks().forEach((one) => one.stop()),
  };
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
