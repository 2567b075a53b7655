import { join } from 'node:path';

/** Where MCP servers lie that we hold, below the home's root. */
export interface ArtifactPlaces {
  /** Installed trees, each in a folder that is called like its hash. */
  readonly packages: string;
  /** What a name and version got when it was asked for: a memory, and no proof. */
  readonly resolved: string;
  /** The starts that people approved. */
  readonly starts: string;
  /** What servers showed of themselves: a file each. */
  readonly pins: string;
  /** Signatures and what scanners found, in a folder for each server's bytes. */
  readonly evidence: string;
  /** Whose SSH signatures count. */
  readonly allowedSigners: string;
  /** Whose word Sigstore's signatures rest on; only where it is not the public one. */
  readonly trustedRoot: string;
}

export function artifactPlaces(root: string): ArtifactPlaces {
  const mcp = join(root, 'mcp');
  return {
    packages: join(mcp, 'packages'),
    resolved: join(mcp, 'resolved'),
    starts: join(mcp, 'starts.json'),
    pins: join(mcp, 'pins'),
    evidence: join(mcp, 'evidence'),
    allowedSigners: join(mcp, 'allowed-signers'),
    trustedRoot: join(mcp, 'sigstore-root.json'),
  };
}

/** The platforms that the same lock may install different files on. */
export function platformName(): string {
  return `${process.platform}-${process.arch}`;
}
