// Checks a transparency log that was exported, and receipts of it, with golang.org/x/mod/sumdb, and with nothing of ours:
//
//	check log <folder> <vkey> [<older checkpoint>]
//	check receipt <file> <vkey>
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(words ...interface{}) {
	fmt.Println("FAILED:", fmt.Sprint(words...))
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail(err)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(name)
	must(err)
	return data
}

type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

// open reads a checkpoint that is signed with the key.
func open(text []byte, vkey string) head {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	checkpoint, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(checkpoint.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return head{lines[0], size, root}
}

// hashesOf makes the tree of all entries once more.
func hashesOf(folder string, size int64) tlog.HashReader {
	var stored []tlog.Hash
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n := int64(0); n < size; {
		width := size - n
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: -1, N: n >> 8, W: int(width)}
		// Theirs is tile/8/data/…, and that of C2SP tile/entries/….
		name := strings.Replace(tile.Path(), "tile/8/data", "tile/entries", 1)
		data := read(filepath.Join(folder, name))
		for ; width > 0; width-- {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				fail(name, " is broken off")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			added, err := tlog.StoredHashes(n, data[2:end], hashes)
			must(err)
			stored, data = append(stored, added...), data[end:]
			n++
		}
	}
	return hashes
}

func checkLog(folder string, vkey string, older string) {
	newest := open(read(filepath.Join(folder, "checkpoint")), vkey)
	hashes := hashesOf(folder, newest.size)
	root, err := tlog.TreeHash(newest.size, hashes)
	must(err)
	if root != newest.root {
		fail("the entries come to ", root, ", and the checkpoint says ", newest.root)
	}
	fmt.Printf("OK: %d entries of %s come to %s\n", newest.size, newest.origin, root)
	if older == "" {
		return
	}
	before := open(read(older), vkey)
	if before.size > newest.size {
		fail("it had ", before.size, " entries, and has ", newest.size)
	}
	proof, err := tlog.ProveTree(newest.size, before.size, hashes)
	must(err)
	if tlog.CheckTree(proof, newest.size, newest.root, before.size, before.root) != nil {
		fail("its first ", before.size, " entries are not those that they were")
	}
	fmt.Printf("OK: it goes on from the %d entries that it had\n", before.size)
}

// checkReceipt makes the entry of the event that a receipt tells (c2sp.org/tlog-proof), and follows its path to the root.
func checkReceipt(file string, vkey string) {
	parts := strings.SplitN(string(read(file)), "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) < 2 || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail(file, " is no receipt")
	}
	signed := open([]byte(parts[1]), vkey)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err)
	var told struct{ Event, Salt, Slot, Recorded_at string }
	must(json.Unmarshal(extra, &told))
	salt, err := base64.StdEncoding.DecodeString(told.Salt)
	must(err)
	event := strings.SplitN(told.Event, "\n", 7)
	if len(salt) != 32 || len(event) < 7 {
		fail("its event is not written as events are")
	}
	commitment := sha256.Sum256(append(salt, told.Event...))
	entry := fmt.Sprintf("counterfoil-entry/v1\n%s\n%s\n%s\n%s\n", told.Slot, event[4], told.Recorded_at,
		base64.StdEncoding.EncodeToString(commitment[:]))
	if tlog.CheckRecord(proof, signed.size, signed.root, index, tlog.RecordHash([]byte(entry))) != nil {
		fail("the event is not the one that the checkpoint was signed of")
	}
	fmt.Printf("OK: entry %d of %d of %s: %s at %s\n%s\n", index, signed.size, signed.origin, event[4], told.Recorded_at, event[6])
}

func main() {
	args := append(os.Args[1:], "", "", "", "")
	switch args[0] {
	case "log":
		checkLog(args[1], args[2], args[3])
	case "receipt":
		checkReceipt(args[1], args[2])
	default:
		fail("check log <folder> <vkey> [<older checkpoint>], or check receipt <file> <vkey>")
	}
}
