/**
 * What sandboxed JavaScript may be written in: ECMAScript 5.1 with `const`, `let` and arrow functions, without `new`, `this`,
 * regular expressions and everything that reaches the browser. Where the documentation is silent, the harness refuses.
 * Source: https://developers.google.com/tag-platform/tag-manager/templates/sandboxed-javascript and …/standard-library.
 */
import { acorn } from './packages.js';

const ALLOWED = new Set(
  (
    'Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement IfStatement SwitchStatement SwitchCase ' +
    'ForStatement ForInStatement WhileStatement DoWhileStatement BreakStatement ContinueStatement VariableDeclaration ' +
    'VariableDeclarator FunctionDeclaration FunctionExpression ArrowFunctionExpression Identifier Literal MemberExpression ' +
    'CallExpression ObjectExpression Property ArrayExpression UnaryExpression UpdateExpression BinaryExpression ' +
    'LogicalExpression AssignmentExpression ConditionalExpression SequenceExpression'
  ).split(' '),
);

/** How people call what is refused; anything else by the parser's name. */
const WORDS = {
  NewExpression: '`new`',
  ThisExpression: '`this`',
  ClassDeclaration: '`class`',
  ClassExpression: '`class`',
  AwaitExpression: '`await`',
  YieldExpression: '`yield`',
  TryStatement: '`try`',
  ThrowStatement: '`throw`',
  TemplateLiteral: 'template literals',
  TaggedTemplateExpression: 'template literals',
  SpreadElement: '`...`',
  RestElement: '`...`',
  ObjectPattern: 'destructuring',
  ArrayPattern: 'destructuring',
  AssignmentPattern: 'default values of parameters',
  ForOfStatement: '`for … of`',
  ImportExpression: '`import`',
  ChainExpression: '`?.`',
  WithStatement: '`with`',
  DebuggerStatement: '`debugger`',
  MetaProperty: '`new.target`',
  Super: '`super`',
  LabeledStatement: 'labels',
};

/** Methods of arrays, texts, objects, numbers and booleans that exist in the sandbox. */
export const METHODS = {
  Array: words('concat every filter forEach hasOwnProperty indexOf join lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toString unshift'),
  String: words('charAt concat indexOf lastIndexOf match replace search slice split substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase trim'),
  Object: words('hasOwnProperty toString'),
  Number: words('toString'),
  Boolean: words('toString'),
};

/** Methods that Node's own types have and the sandbox's have not. */
const MISSING = new Set(
  [Array, String, Object, Number, Boolean, Function]
    .flatMap((type) => Object.getOwnPropertyNames(type.prototype))
    .filter((name) => name !== 'length' && !Object.values(METHODS).some((list) => list.includes(name))),
);

/** APIs that are objects with methods of their own. */
const LIBRARIES = ['JSON', 'Math', 'Object', 'localStorage', 'templateStorage'];

/** What leads from a value to its type. */
const WAYS_OUT = ['constructor', 'prototype', '__proto__'];

/** What code finds without declaring it. */
const GIVEN = ['require', 'data', 'undefined'];
const GIVEN_IN_TESTS = ['require', 'undefined', 'runCode', 'mock', 'mockObject', 'assertThat', 'assertApi', 'fail'];

/**
 * @param {string} code
 * @param {string} where named in the sentences
 * @param {{ test?: boolean, declared?: string[] }} [options] whether it is a test scenario, and what its setup declared
 * @returns {{ tree: any, problems: string[], declared: string[] }} no tree if it cannot be parsed
 */
export function parse(code, where, { test = false, declared = [] } = {}) {
  /** @type {string[]} */
  const problems = [];
  let tree;
  try {
    tree = acorn.parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true, locations: true });
  } catch (error) {
    return { tree: undefined, problems: [`${where}: ${error.message}.`], declared: [] };
  }
  const names = new Set([...(test ? GIVEN_IN_TESTS : GIVEN), ...declared]);
  const here = [];
  walk(tree, (node) => {
    for (const name of declarations(node)) {
      names.add(name);
      here.push(name);
    }
  });
  walk(tree, (node, parent, key) => {
    const say = (/** @type {string} */ what) => problems.push(`${where}, line ${node.loc.start.line}: ${what}`);
    if (!ALLOWED.has(node.type)) return say(`the sandbox has no ${WORDS[node.type] ?? node.type}.`);
    if (node.type === 'Literal' && node.regex) say('the sandbox has no regular expressions.');
    if (node.type === 'Literal' && node.bigint) say('the sandbox has no big integers.');
    if (node.async) say('the sandbox has no `async`.');
    if (node.generator) say('the sandbox has no generators.');
    if (node.type === 'Property' && (node.kind !== 'init' || node.method || node.shorthand || node.computed)) {
      say('the sandbox has only properties written `name: value`.');
    }
    if (['??', '??=', '||=', '&&=', '**', '**=', 'in', 'instanceof'].includes(node.operator)) say(`the sandbox has no \`${node.operator}\`.`);
    if (node.type === 'MemberExpression' && !node.computed && isMissing(node, parent, key)) {
      say(`the sandbox's types have no \`${node.property.name}\`.`);
    }
    if (node.type === 'Identifier' && isReference(parent, key) && !names.has(node.name)) {
      say(`\`${node.name}\` does not exist in the sandbox; what is outside is asked for with \`require\`.`);
    }
  });
  return { tree, problems, declared: here };
}

/**
 * Every node of a syntax tree, outer ones first.
 * @param {any} node
 * @param {(node: any, parent: any, key: string) => void} visit
 * @param {any} [parent]
 * @param {string} [key]
 */
export function walk(node, visit, parent, key = '') {
  if (typeof node?.type !== 'string') return;
  visit(node, parent, key);
  for (const [name, child] of Object.entries(node)) {
    for (const one of Array.isArray(child) ? child : [child]) walk(one, visit, node, name);
  }
}

/** Names that a node declares. Scopes are not told apart: a name from elsewhere is an error that running finds. @param {any} node */
function declarations(node) {
  const found = [];
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') found.push(node.id.name);
  if (/Function/.test(node.type)) {
    if (node.id) found.push(node.id.name);
    for (const parameter of node.params) if (parameter.type === 'Identifier') found.push(parameter.name);
  }
  return found;
}

/**
 * Only what is called: a shop's object may have a property of any name.
 * @param {any} member
 * @param {any} parent
 * @param {string} key
 */
function isMissing(member, parent, key) {
  const { name } = member.property;
  if (WAYS_OUT.includes(name)) return true;
  return parent?.type === 'CallExpression' && key === 'callee' && MISSING.has(name) && !LIBRARIES.includes(member.object.name);
}

/**
 * @param {any} parent
 * @param {string} key
 */
function isReference(parent, key) {
  if (parent?.type === 'MemberExpression') return key === 'object' || parent.computed;
  if (parent?.type === 'Property') return key === 'value';
  return !['BreakStatement', 'ContinueStatement', 'LabeledStatement'].includes(parent?.type);
}

/** @param {string} list */
function words(list) {
  return list.split(' ');
}
