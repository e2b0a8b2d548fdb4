# Sourced by scripts that need images: writes small grey ones of four classes, each a bright quarter in noise, as IDX files.
# shellcheck shell=bash

# Numbers on standard input as bytes. (awk alone would not do: not every awk can print a zero byte.)
bytes() { printf '%b' "$(awk '{ printf "\\0%o", $1 }')"; }
# The same as 32-bit numbers, most significant byte first.
words() { awk '{ for (k = 3; k >= 0; k--) print int($1 / 256 ^ k) % 256 }' | bytes; }

# idx_images FILE COUNT HEIGHT WIDTH SEED: classes in turn. The noise is of Lehmer's generator, whose numbers doubles hold exactly.
idx_images() {
    printf '%s\n' $((0x803)) "$2" "$3" "$4" | words >"$1"
    awk -v count="$2" -v height="$3" -v width="$4" -v seed="$5" 'BEGIN {
        for (i = 0; i < count; i++)
            for (row = 0; row < height; row++)
                for (column = 0; column < width; column++) {
                    seed = seed * 16807 % 2147483647
                    quarter = 2 * (row >= height / 2) + (column >= width / 2)
                    print seed % 120 + (quarter == i % 4 ? 100 : 0)
                }
    }' | bytes >>"$1"
}

# idx_labels FILE COUNT
idx_labels() {
    printf '%s\n' $((0x801)) "$2" | words >"$1"
    awk -v count="$2" 'BEGIN { for (i = 0; i < count; i++) print i % 4 }' | bytes >>"$1"
}

# image_files FOLDER: 64 images of 16 x 16 to train on and 32 to test.
image_files() {
    idx_images "$1/train-images-idx3-ubyte" 64 16 16 1
    idx_labels "$1/train-labels-idx1-ubyte" 64
    idx_images "$1/t10k-images-idx3-ubyte" 32 16 16 2
    idx_labels "$1/t10k-labels-idx1-ubyte" 32
}
