/**
 * Gives `os/arch` without a variant: Bacalhau compares no more than that
 * (`pkg/executor/docker/bidstrategy/semantic/image_platform.go`).
 */
export function osAndArchitecture(platform: string): string {
  return platform.split('/').slice(0, 2).join('/');
}

/** Gives the platforms without variants, each once, in the order given. */
export function distinctPlatforms(platforms: readonly string[]): string[] {
  return [...new Set(platforms.map(osAndArchitecture))];
}
