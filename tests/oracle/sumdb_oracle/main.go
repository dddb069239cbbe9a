// An implementation of the log's arithmetic that is not ours: Go's golang.org/x/mod/sumdb (tlog, note), asked over JSON on standard input.
// Only the check of a cosignature is written here, from C2SP tlog-cosignature, because x/mod has none.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type hash = []byte

type inclusion struct {
	Index, Size int64
	Proof       []hash
}

type consistency struct {
	Old, New int64
	Proof    []hash
}

type growth struct{ Old, New int64 }

type opened struct{ Key, Note string }

type question struct {
	Leaves        [][]byte
	Inclusions    []inclusion
	Consistencies []consistency
	Growths       []growth
	Notes         []opened
	Cosigned      []opened
	SignKey       string
	SignText      string
}

type answer struct {
	Roots              []hash
	Inclusions         [][]hash
	InclusionsRefused  []int
	Consistencies      [][]hash
	ConsistencyRefused []int
	Growths            []map[string][]byte
	Notes              []string
	Cosigned           []bool
	Signed             string
}

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = s[index]
	}
	return found, nil
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(reply(asked)); err != nil {
		log.Fatal(err)
	}
}

func reply(asked question) answer {
	told := answer{}
	hashes := grow(asked.Leaves)
	for size := range asked.Leaves {
		root := must(tlog.TreeHash(int64(size+1), hashes))
		told.Roots = append(told.Roots, root[:])
	}
	for i, each := range asked.Inclusions {
		root := must(tlog.TreeHash(each.Size, hashes))
		leaf := tlog.RecordHash(asked.Leaves[each.Index])
		if tlog.CheckRecord(tlog.RecordProof(fromBytes(each.Proof)), each.Size, root, each.Index, leaf) != nil {
			told.InclusionsRefused = append(told.InclusionsRefused, i)
		}
		told.Inclusions = append(told.Inclusions, toBytes(must(tlog.ProveRecord(each.Size, each.Index, hashes))))
	}
	for i, each := range asked.Consistencies {
		before, after := must(tlog.TreeHash(each.Old, hashes)), must(tlog.TreeHash(each.New, hashes))
		if tlog.CheckTree(tlog.TreeProof(fromBytes(each.Proof)), each.New, after, each.Old, before) != nil {
			told.ConsistencyRefused = append(told.ConsistencyRefused, i)
		}
		told.Consistencies = append(told.Consistencies, toBytes(must(tlog.ProveTree(each.New, each.Old, hashes))))
	}
	for _, each := range asked.Growths {
		told.Growths = append(told.Growths, tiles(each, hashes))
	}
	for _, each := range asked.Notes {
		told.Notes = append(told.Notes, open(each))
	}
	for _, each := range asked.Cosigned {
		told.Cosigned = append(told.Cosigned, cosigned(each))
	}
	if asked.SignKey != "" {
		told.Signed = string(must(note.Sign(&note.Note{Text: asked.SignText}, must(note.NewSigner(asked.SignKey)))))
	}
	return told
}

func grow(leaves [][]byte) store {
	hashes := store{}
	for n, leaf := range leaves {
		hashes = append(hashes, must(tlog.StoredHashes(int64(n), leaf, hashes))...)
	}
	return hashes
}

// tiles gives path and content of what must be published. Go's paths begin with the tile's height, and it names every partial width on the way.
func tiles(each growth, hashes store) map[string][]byte {
	widest := map[string]tlog.Tile{}
	for _, tile := range tlog.NewTiles(8, each.Old, each.New) {
		place := fmt.Sprintf("%d/%d", tile.L, tile.N)
		if had, ok := widest[place]; !ok || had.W < tile.W {
			widest[place] = tile
		}
	}
	found := map[string][]byte{}
	for _, tile := range widest {
		if int64(tile.W) == each.Old>>(8*uint(tile.L))-tile.N<<8 {
			continue // published before, with this width
		}
		found[strings.Replace(tile.Path(), "tile/8/", "tile/", 1)] = must(tlog.ReadTileData(tile, hashes))
	}
	return found
}

func open(each opened) string {
	read, err := note.Open([]byte(each.Note), note.VerifierList(must(note.NewVerifier(each.Key))))
	if err != nil {
		return ""
	}
	return read.Text
}

// cosigned checks the last line of a note as a cosignature/v1.
func cosigned(each opened) bool {
	parts := strings.SplitN(each.Key, "+", 3)
	key := must(base64.StdEncoding.DecodeString(parts[2]))
	text, lines, _ := strings.Cut(each.Note, "\n\n")
	all := strings.Split(strings.TrimSuffix(lines, "\n"), "\n")
	fields := strings.Split(all[len(all)-1], " ")
	signature := must(base64.StdEncoding.DecodeString(fields[2]))
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s\n", binary.BigEndian.Uint64(signature[4:12]), text)
	return key[0] == 4 && fields[1] == parts[0] && bytes.Equal(id[:4], signature[:4]) && ed25519.Verify(key[1:], []byte(message), signature[12:])
}

func fromBytes(proof []hash) []tlog.Hash {
	found := make([]tlog.Hash, len(proof))
	for i, each := range proof {
		copy(found[i][:], each)
	}
	return found
}

func toBytes(proof []tlog.Hash) []hash {
	found := make([]hash, len(proof))
	for i := range proof {
		found[i] = proof[i][:]
	}
	return found
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
