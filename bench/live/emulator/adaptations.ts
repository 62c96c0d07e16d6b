import type { Template } from '../../virtual-aws/deploy.ts'

/**
 * The resource types that MiniStack cannot make, and why it does no harm to leave them out. This is all in which the
 * templates that it is given differ from those that AWS is given; a test fails when one is no longer needed.
 */
export const leftOut: Readonly<Record<string, string>> = {
  'AWS::Events::Archive':
    'MiniStack keeps archives over its API alone: its CloudFormation does not know the type. Nothing reads one in a run.',
}

/** The template as MiniStack takes it. */
export const adapted = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([, { Type }]) => !Object.hasOwn(leftOut, Type)),
  ),
})
