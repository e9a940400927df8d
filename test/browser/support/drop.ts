import type { Editor } from '../../testbed/editor';

const DRAGS = 3;

/** Drags a field of an earlier node from the input panel into a field of the open node. */
export async function drop(
	editor: Editor,
	node: string,
	name: string,
	field: string,
): Promise<void> {
	const landed = editor.field(field).getByText('{{').first();
	// A drag that begins while the panel is still being drawn goes nowhere: people drag again, too.
	for (let attempt = 1; attempt <= DRAGS && !(await landed.isVisible()); attempt++) {
		await editor.drag(await editor.input(node, name), editor.field(field));
		await landed.waitFor({ timeout: 10_000 }).catch(() => undefined);
	}
	await landed.waitFor();
}
