// node compile.mjs FROM TO: compiles every .py of the archives in a folder with the browser's own
// Python, so that no visitor's browser has to.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

/** Where each archive stands in the browser's Python. */
const PLACES = { "workbook.zip": "/workbook.zip", "python_stdlib.zip": "/lib/python313.zip" };
const [from, to] = process.argv.slice(2);

const python = await loadPyodide();
python.runPython(`
import importlib.util
from importlib._bootstrap_external import _code_to_hash_pyc
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pyodide.ffi import to_js

def compiled(archive, folder):
    """Return an archive with compiled modules: the same for the same modules, on every day."""
    Path("/archive.zip").write_bytes(archive.to_py())
    whole = BytesIO()
    with ZipFile("/archive.zip") as before, ZipFile(whole, "w", ZIP_DEFLATED, compresslevel=9) as after:
        for name in sorted(before.namelist()):
            content = before.read(name)
            if name.endswith(".py"):
                code = compile(content, f"{folder}/{name}", "exec", dont_inherit=True)
                content = _code_to_hash_pyc(code, importlib.util.source_hash(content), False)
                name += "c"
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            after.writestr(entry, content)
    return to_js(whole.getvalue())
`);
const compiled = python.globals.get("compiled");
for (const [name, place] of Object.entries(PLACES)) {
  writeFileSync(`${to}/${name}`, compiled(new Uint8Array(readFileSync(`${from}/${name}`)), place));
}
