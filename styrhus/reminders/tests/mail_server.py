"""Run as a process: `python mail_server.py FOLDER`. Prints its port; keeps each letter it takes as a file."""

import asyncio
import json
import re
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(sys.argv[1])
asked = Counter()
kept = 0


def answer_for(address: str, place: str) -> str:
    """`{"lars": ["450 rcpt", "250"]}`: first no at the recipient (or "data": after the letter), then yes."""
    told = FOLDER / "answers.json"
    name = address.partition("@")[0]
    answers = (json.loads(told.read_text()) if told.exists() else {}).get(name, ["250"])
    answer = answers[min(asked[name], len(answers) - 1)]
    code, _, where = answer.partition(" ")
    if code == "250" and place != "data":
        return "250 ok"
    if code != "250" and (where or "rcpt") != place:
        return "250 ok"
    asked[name] += 1
    return f"{code} as told"


async def talk(reader, writer):
    global kept

    async def say(line):
        writer.write(f"{line}\r\n".encode())
        await writer.drain()

    await say("220 test")
    to = ""
    while line := (await reader.readline()).decode(errors="replace").strip():
        verb = line[:4].upper()
        if verb == "RCPT":
            to = re.search(r"<(.*)>", line)[1]
            await say(answer_for(to, "rcpt"))
        elif verb == "DATA":
            await say("354 go on")
            body = await reader.readuntil(b"\r\n.\r\n")
            answer = answer_for(to, "data")
            if answer.startswith("250"):
                kept += 1
                letter = re.sub(rb"^\.\.", b".", body[:-5], flags=re.MULTILINE)
                (FOLDER / f"{kept:04}.eml").write_bytes(letter)
            await say(answer)
        elif verb == "QUIT":
            await say("221 bye")
            break
        else:
            await say("250 ok")
    writer.close()


async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
