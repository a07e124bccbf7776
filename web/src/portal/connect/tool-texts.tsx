import { Code } from '../../parts/code.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { connectTexts } from './connect.texts.ts';
import { filled, type Tool } from './tools.ts';

interface ToolTextsProps {
  readonly tool: Tool;
  readonly secret: string | undefined;
  readonly model: string | undefined;
}

/** What is copied into a tool, and the link that opens it where it has one. */
export function ToolTexts({ tool, secret, model }: ToolTextsProps) {
  const texts = useTexts(connectTexts);
  const parts = filled(tool.id, { address: location.origin, secret, model });
  return (
    <Card title={texts.texts(tool.name)}>
      <div className="card-body">
        {parts.map(({ text, file, link }, index) => (
          <div className="stack-tight" key={index}>
            {file !== undefined && <p className="meta">{texts.file(file)}</p>}
            <Code label={file ?? texts.texts(tool.name)} text={text} />
            {link !== undefined && (
              <div className="actions">
                {secret === undefined ? (
                  <span className="hint">{texts.openHint}</span>
                ) : (
                  <a className="button" href={link}>
                    {texts.open(tool.name)}
                  </a>
                )}
              </div>
            )}
          </div>
        ))}
      </div>
    </Card>
  );
}
