# The commands of "Arrays between Python programs" in docs/recipes.md, as they stand there.
if [ "$system" = windows ]; then skip "NumPy is a Linux one"; fi
python3 -c 'import numpy' 2>/dev/null || PATH=/usr/bin:$PATH
python3 -c 'import numpy' 2>/dev/null || skip "no NumPy here"
recipe_of "Arrays between Python programs" | sed "s/batch-7/$name/g" >recipe.sh
. ./recipe.sh | sed 's/"\(published_unix_ns\|seconds\)":[0-9.e-]*/"\1":0/'
cmp in.npy out-000001.npy
