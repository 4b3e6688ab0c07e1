/** Passkeys of this phone: made once, used to sign. User verification is demanded each time. */
import type { Assertion } from "../../api/types.ts";
import { fromBase64Url, toBase64Url } from "../../trust/digest.ts";

/** Why this page can have no passkey, as a word code; null when it can. */
export function passkeyObstacle(host: string = window.location.hostname): "ip_address" | "insecure" | "unsupported" | null {
  if (/^[\d.]+$/.test(host) || host.includes(":") || host.startsWith("[")) return "ip_address";
  if (!window.isSecureContext) return "insecure";
  return "credentials" in navigator && "PublicKeyCredential" in window ? null : "unsupported";
}

export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<object> {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialCreationOptions),
      challenge: fromBase64Url(options.challenge),
      user: { ...options.user, id: fromBase64Url(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map(({ id }) => ({ type: "public-key", id: fromBase64Url(id) })),
    },
  });
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("", "NotAllowedError");
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      attestationObject: toBase64Url(response.attestationObject),
      clientDataJSON: toBase64Url(response.clientDataJSON),
      transports: response.getTransports?.() ?? [],
    },
  };
}

export async function signWithPasskey(
  challenge: Uint8Array<ArrayBuffer>,
  { rp_id, credential_ids, timeout }: { rp_id: string; credential_ids: string[]; timeout: number },
): Promise<Assertion> {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge,
      rpId: rp_id,
      timeout,
      userVerification: "required",
      allowCredentials: credential_ids.map((id) => ({ type: "public-key", id: fromBase64Url(id) })),
    },
  });
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("", "NotAllowedError");
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: {
      authenticatorData: toBase64Url(response.authenticatorData),
      clientDataJSON: toBase64Url(response.clientDataJSON),
      signature: toBase64Url(response.signature),
      userHandle: response.userHandle === null ? null : toBase64Url(response.userHandle),
    },
  };
}
