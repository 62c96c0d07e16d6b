/** A CloudFormation template, as synthesised. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly [section: string]: unknown
}
