/** The part of Amazon's SDK that is used; a tenth of a second to load, so only when a job has something in S3. */
export type Sdk = typeof import('@aws-sdk/client-s3');

export function loadSdk(): Promise<Sdk> {
  // Else the SDK tells everybody who runs Node 20 on stderr that it will want a later one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return import('@aws-sdk/client-s3');
}
