/** A job with an input from the bucket `acme`, for the examples of rules. `params` are what its Params say beside: `Key: logs/`. */
export function jobWithS3(params: string): string {
  return `
Name: logs
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: s3, Params: { Bucket: acme, ${params} } }
`;
}
