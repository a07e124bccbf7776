import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { rowOfTrial } from '../../../../src/relay/dialects/request-members/trials.js';
import { memberTables } from '../../../../src/relay/dialects/request-members/all.js';

const packages = new URL(process.env['SDK_PACKAGES'] ?? '../../../../node_modules/', import.meta.url);

/** The types of a package's file, as its author wrote them. */
function declarations(file: string): ts.SourceFile {
  const text = readFileSync(new URL(file, packages), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
}

/** The members of an interface, of all declarations of its name that are `among` others of that name. */
function membersOf(file: string, name: string, has?: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === name) {
      const names = node.members.flatMap((member) =>
        member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))
          ? [member.name.text]
          : [],
      );
      if (has === undefined || names.includes(has)) found.push(...names);
    }
    ts.forEachChild(node, visit);
  };
  visit(declarations(file));
  expect(found.length).toBeGreaterThan(1);
  return found;
}

/** The values that `type` may have in the interfaces whose name matches. */
function typesOf(file: string, names: RegExp): string[] {
  const found: string[] = [];
  const literals = (node: ts.TypeNode | undefined): string[] => {
    if (node && ts.isUnionTypeNode(node)) return node.types.flatMap(literals);
    return node && ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? [node.literal.text] : [];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && names.test(node.name.text))
      for (const member of node.members)
        if (ts.isPropertySignature(member) && ts.isIdentifier(member.name) && member.name.text === 'type')
          found.push(...literals(member.type));
    ts.forEachChild(node, visit);
  };
  visit(declarations(file));
  expect(found.length).toBeGreaterThan(0);
  return [...new Set(found)];
}

/** The texts that a type allows. */
function literalsOf(file: string, name: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeAliasDeclaration(node) && node.name.text === name && ts.isUnionTypeNode(node.type))
      for (const type of node.type.types)
        if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) found.push(type.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(declarations(file));
  return found;
}

const tableOf = (endpoint: string) => {
  const table = memberTables.find((candidate) => candidate.endpoint === endpoint);
  if (!table) throw new Error(`no table of ${endpoint}`);
  return table;
};
const rowsOf = (endpoint: string, inside?: string): string[] => {
  const table = tableOf(endpoint);
  const rows = inside === undefined ? table.rows : table.inside.find(({ of }) => of === inside)?.rows;
  return (rows ?? []).flatMap(({ names }) => names);
};
const without = (names: readonly string[], others: readonly string[]) =>
  names.filter((name) => !others.includes(name));

const OPENAI = 'openai/resources';
const ANTHROPIC = '@anthropic-ai/sdk/resources';
const GOOGLE = '@google/genai/dist/genai.d.ts';
const GENERATE = '/v1beta/models/{model}:generateContent';

describe('every member that a provider documents has a row', () => {
  it('of chat completions', () => {
    const documented = membersOf(
      `${OPENAI}/chat/completions/completions.d.ts`,
      'ChatCompletionCreateParamsBase',
    );
    expect(without(documented, rowsOf('/v1/chat/completions'))).toEqual([]);
  });

  it('of responses, and every tool', () => {
    const file = `${OPENAI}/responses/responses.d.ts`;
    expect(without(membersOf(file, 'ResponseCreateParamsBase'), rowsOf('/v1/responses'))).toEqual([]);
    const tools =
      /^(Function|FileSearch|Computer|ComputerUsePreview|WebSearch|FunctionShell|Custom|Namespace|ToolSearch|WebSearchPreview|ApplyPatch)Tool$|^(Mcp|CodeInterpreter|ProgrammaticToolCalling|ImageGeneration|LocalShell)$/;
    expect(without(typesOf(file, tools), rowsOf('/v1/responses', 'tools'))).toEqual([]);
  });

  it.each(['messages/messages.d.ts', 'beta/messages/messages.d.ts'])(
    'of messages in %s, and every tool',
    (name) => {
      const file = `${ANTHROPIC}/${name}`;
      expect(without(membersOf(file, 'MessageCreateParamsBase'), rowsOf('/v1/messages'))).toEqual([]);
      const tools =
        /^(Beta)?(Tool|.*Tool(set)?_?\d{8}|ToolBash\d+|ToolComputerUse\d+|ToolTextEditor\d+|ToolSearchTool(Bm25|Regex)_?\d+|MCPToolset)$/;
      expect(without(typesOf(file, tools), rowsOf('/v1/messages', 'tools'))).toEqual([]);
    },
  );

  it('of messages: every edit of a conversation', () => {
    const edits = typesOf(`${ANTHROPIC}/beta/messages/messages.d.ts`, /^Beta(Clear\w+|Compact)\d{8}(Edit)?$/);
    expect(without(edits, rowsOf('/v1/messages', 'context_management.edits'))).toEqual([]);
  });

  it('of messages: every trial that its header may ask for', () => {
    const trials = literalsOf(`${ANTHROPIC}/beta/beta.d.ts`, 'AnthropicBeta');
    expect(trials.length).toBeGreaterThan(40);
    expect(trials.filter((trial) => rowOfTrial(trial) === undefined)).toEqual([]);
  });

  it('of generateContent, its configuration, and every tool', () => {
    const own = ['httpOptions', 'abortSignal', 'automaticFunctionCalling', 'automaticContinuation'];
    const documented = without(membersOf(GOOGLE, 'GenerateContentConfig'), own);
    const rows = [...rowsOf(GENERATE), ...rowsOf(GENERATE, 'generationConfig')];
    expect(without(documented, rows)).toEqual([]);
    const inside = rowsOf(GENERATE, 'generationConfig');
    expect(without(membersOf(GOOGLE, 'GenerationConfig'), inside)).toEqual([]);
    expect(without(membersOf(GOOGLE, 'Tool', 'googleSearch'), rowsOf(GENERATE, 'tools'))).toEqual([]);
  });

  it.each(memberTables)(
    '$endpoint has one row a member, and says where it was read',
    ({ rows, source, inside }) => {
      for (const part of [rows, ...inside.map((each) => each.rows)]) {
        const names = part.flatMap((row) => row.names);
        expect(names).toEqual([...new Set(names)]);
      }
      expect(source).toMatch(/\d/);
    },
  );
});
