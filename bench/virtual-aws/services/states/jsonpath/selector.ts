/** One selector of a JSONPath. */
export type Selector =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice'
      readonly from: number | undefined
      readonly to: number | undefined
    }
  | { readonly kind: 'all' }
  | { readonly kind: 'descendants' }
  | { readonly kind: 'length' }
  | { readonly kind: 'filter'; readonly test: FilterTest }

/** A filter's condition on an item: combined, or a comparison; without an operator, that the place exists. */
export type FilterTest =
  | { readonly kind: 'and' | 'or'; readonly tests: readonly FilterTest[] }
  | { readonly kind: 'not'; readonly test: FilterTest }
  | { readonly kind: 'exists'; readonly place: FilterPlace }
  | {
      readonly kind: 'compare'
      readonly operator: string
      readonly left: FilterOperand
      readonly right: FilterOperand
    }

/** A place in the item (`@`) or in the data as a whole (`$`). */
export interface FilterPlace {
  readonly root: '@' | '$'
  readonly selectors: readonly Selector[]
}

/** A regular expression is a literal that only `=~` takes. */
export type FilterOperand =
  | { readonly kind: 'place'; readonly place: FilterPlace }
  | { readonly kind: 'literal'; readonly value: unknown }
