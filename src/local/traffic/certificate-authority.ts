import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { pki } from "node-forge";
import { QuaysideError } from "../../errors.js";

/** A private key and its certificate, as PEM. */
export interface SignedCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY = 86_400_000;

/** Signs the certificates of HTTPS listeners. It is made when the first one is needed. */
export class CertificateAuthority {
  #own: Promise<SignedCertificate> | undefined;
  readonly #issued = new Map<string, Promise<SignedCertificate>>();

  /** Its certificate, as PEM: what clients have to trust. */
  async pem(): Promise<string> {
    return (await this.#identity()).cert;
  }

  /** Returns a certificate for DNS names, which may be wildcards, and for this computer's address. */
  issue(names: readonly string[], notAfter: Date): Promise<SignedCertificate> {
    const key = `${names.join()} ${notAfter.getTime()}`;
    let issued = this.#issued.get(key);
    if (issued === undefined) this.#issued.set(key, (issued = this.#sign(names, notAfter)));
    return issued;
  }

  #identity(): Promise<SignedCertificate> {
    return (this.#own ??= create({
      subject: AUTHORITY,
      serial: "01",
      notAfter: new Date(Date.now() + 3650 * DAY),
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
        { name: "subjectKeyIdentifier" },
      ],
    }));
  }

  async #sign(names: readonly string[], notAfter: Date): Promise<SignedCertificate> {
    const issuer = await this.#identity();
    return create({
      subject: names[0] ?? "localhost",
      serial: (this.#issued.size + 16).toString(16).padStart(4, "0"),
      notAfter,
      issuer,
      extensions: [
        { name: "basicConstraints", cA: false },
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        {
          name: "subjectAltName",
          altNames: [...names.map((value) => ({ type: 2, value })), { type: 7, ip: "127.0.0.1" }],
        },
      ],
    });
  }
}

const AUTHORITY = "quayside local cloud";

interface CertificateInput {
  readonly subject: string;
  readonly serial: string;
  readonly notAfter: Date;
  /** @defaultValue the certificate signs itself */
  readonly issuer?: SignedCertificate;
  readonly extensions: object[];
}

async function create({
  subject,
  serial,
  notAfter,
  issuer,
  extensions,
}: CertificateInput): Promise<SignedCertificate> {
  const [{ md, pki }, pair] = await Promise.all([
    loadForge(),
    promisify(generateKeyPair)("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    }),
  ]);
  const certificate: pki.Certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = serial;
  // A day ago, for clients whose clock is behind.
  certificate.validity.notBefore = new Date(Date.now() - DAY);
  certificate.validity.notAfter = notAfter;
  certificate.setSubject([{ name: "commonName", value: subject.slice(0, 64) }]);
  certificate.setIssuer([{ name: "commonName", value: issuer === undefined ? subject : AUTHORITY }]);
  certificate.setExtensions(extensions);
  certificate.sign(pki.privateKeyFromPem(issuer?.key ?? pair.privateKey), md.sha256.create());
  return { key: pair.privateKey, cert: pki.certificateToPem(certificate) };
}

/** Node signs no certificates by itself. The package is loaded only where an HTTPS listener really listens. */
async function loadForge(): Promise<typeof import("node-forge")> {
  try {
    const { default: forge } = await import("node-forge");
    return forge;
  } catch (cause) {
    throw new QuaysideError(
      "package-missing",
      "The local cloud cannot make certificates for its HTTPS listeners: the package node-forge is not installed",
      { cause, fix: "Install it: npm install --save-dev node-forge." },
    );
  }
}
