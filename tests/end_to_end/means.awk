# Means of a result over the seeds, from `infosweep report --csv`: one line "KEY… MEAN COUNT" per combination of the axes in
# `keys` (comma-separated names), in the order in which they first occur. A cell that is not done makes the mean NaN.
#   awk -F, -v keys=gate,beta -v value=redundant_information -f means.awk
NR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    keys_count = split(keys, key, ",")
    for (i = 1; i <= keys_count; i++) if (!(key[i] in column)) { print "no column " key[i] > "/dev/stderr"; exit 2 }
    if (!(value in column)) { print "no column " value > "/dev/stderr"; exit 2 }
    next
}
{
    name = ""
    for (i = 1; i <= keys_count; i++) name = name $column[key[i]] " "
    if (!(name in sum)) order[++count] = name
    if ($column["status"] != "done" || $column[value] == "") missing[name] = 1
    sum[name] += $column[value]
    cells[name]++
}
END {
    for (i = 1; i <= count; i++) {
        name = order[i]
        if (name in missing) print name "nan", cells[name]
        else printf "%s%.6f %d\n", name, sum[name] / cells[name], cells[name]
    }
}
