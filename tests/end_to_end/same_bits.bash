# Sourced by scripts that compare result files: same_bits A.h5 B.h5 succeeds when no data variable differs in any bit.

# What depends on when and where a cell ran, and is no data.
bookkeeping=' wall_seconds rank attempts checksum crashes suspicions sole_suspicions '

same_bits() {
    local variable said differences=0 variables=0
    for variable in $(h5ls "$1" | awk '$2 == "Dataset" { print $1 }'); do
        case $bookkeeping in *" $variable "*) continue ;; esac
        # coordinates refer to what has them, by addresses in the file, which h5diff takes for values
        h5ls -v "$1/$variable" | grep -q 'Attribute: CLASS' && continue
        variables=$((variables + 1))
        # what cannot be compared, for another shape, is no difference to h5diff
        if ! said=$(h5diff -c "$1" "$2" "$variable" 2>&1) || grep -qi 'not comparable' <<<"$said"; then
            echo "$variable differs between $1 and $2" >&2
            differences=1
        fi
    done
    [ "$variables" -gt 1 ] || { echo "no data variables in $1" >&2; return 1; }
    return $differences
}
