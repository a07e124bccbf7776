// Checks an exported transparency log with golang.org/x/mod/sumdb, and with nothing of ours:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run check.go <folder> <vkey>
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(os.Args[1], name))
	if err != nil {
		log.Fatal("FAILED: ", err)
	}
	return data
}

func main() {
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		log.Fatal("FAILED: ", err)
	}
	checkpoint, err := note.Open(read("checkpoint"), note.VerifierList(verifier))
	if err != nil {
		log.Fatal("FAILED: ", err)
	}
	lines := strings.Split(checkpoint.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		log.Fatal("FAILED: ", err)
	}
	var stored []tlog.Hash
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n := int64(0); n < size; {
		tile := tlog.Tile{H: 8, L: -1, N: n >> 8, W: int(min(256, size-n))}
		// Theirs is tile/8/data/…, and that of C2SP tile/entries/….
		for data := read(strings.Replace(tile.Path(), "tile/8/data", "tile/entries", 1)); len(data) > 0; n++ {
			end := 2 + int(binary.BigEndian.Uint16(data))
			added, err := tlog.StoredHashes(n, data[2:end], hashes)
			if err != nil {
				log.Fatal("FAILED: ", err)
			}
			stored, data = append(stored, added...), data[end:]
		}
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil || root.String() != lines[2] {
		log.Fatal("FAILED: the entries come to ", root, ", and the checkpoint says ", lines[2])
	}
	fmt.Printf("OK: %d entries of %s come to %s\n", size, lines[0], root)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
