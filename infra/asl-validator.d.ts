/** The package says nothing of its types. */
declare module 'asl-validator' {
  const validate: (definition: object) => { readonly isValid: boolean; readonly errorsText: () => string }
  // biome-ignore lint/style/noDefaultExport: it is how the package exports.
  export default validate
}
