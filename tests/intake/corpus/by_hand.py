"""Fills in a sheet through LibreOffice itself (headless), as somebody types it in; run by the system's Python, which has uno."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

LINES = [
    ["Maple State"],
    [],
    ["Student ID", "Program", "Cohort", "Has a car", "Available from"],
    ["0041", "maple-bsn", "F26", "yes", "3 Sep 2026"],
    ["m-002", "maple-bsn", "F26", "no", "9/14/2026"],
    ["m-010", "maple-np", "F25", "yes", "2026-10-05"],
    [],
    ["* two more students will be named in August"],
]


def main(path: str) -> None:
    pipe = "corpus-by-hand"
    profile = f"-env:UserInstallation=file://{tempfile.gettempdir()}/corpus-by-hand"
    office = subprocess.Popen(["soffice", "--headless", "--norestore", profile, f"--accept=pipe,name={pipe};urp;"])
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(60):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.5)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    sheet = document.Sheets.getByIndex(0)
    for r, row in enumerate(LINES):
        for c, value in enumerate(row):
            sheet.getCellByPosition(c, r).FormulaLocal = value  # as if typed: 0041 becomes 41, dates become dates
    sheet.getCellRangeByName("A1:E1").merge(True)
    sheet.getCellRangeByName("A3:E3").CellBackColor = 0xDDDDDD
    sheet.getCellRangeByName("A9:E400").CellBackColor = 0xEEEEEE
    kind = {"ods": "calc8", "xlsx": "Calc MS Excel 2007 XML"}[Path(path).suffix[1:]]
    document.storeToURL(uno.systemPathToFileUrl(str(Path(path).resolve())), (PropertyValue("FilterName", 0, kind, 0),))
    document.close(True)
    desktop.terminate()
    office.wait(30)


main(sys.argv[1])
