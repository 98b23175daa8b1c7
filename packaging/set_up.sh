# shellcheck shell=sh disable=SC2086  # lists of words are split on purpose
# Brings a checkout to where `moorage` can start. Sourced by run, test and bench, in the checkout's folder.

say() { printf 'moorage: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# The packages that lists name.
packages_of() { sed -e 's/ *#.*//' -e '/^$/d' "$@" | tr '\n' ' '; }

# What apt would install to have these packages; fails where it does not know one of them.
missing_of() {
    plan=$(apt-get install --simulate --no-upgrade --no-install-recommends "$@" 2>/dev/null) || return 1
    printf '%s\n' "$plan" | sed -n 's/^Inst \([^ ]*\).*/\1/p'
}

install_packages() {
    [ "${MOORAGE_PACKAGES:-}" = installed ] && return
    if ! command -v apt-get >/dev/null; then
        say "this is neither Debian nor Ubuntu. Install what goes there by these names:"
        printf '%s\n' "$(packages_of "$@")" >&2
        fail "then run this again with MOORAGE_PACKAGES=installed in the environment"
    fi
    packages=$(packages_of "$@")
    if missing=$(missing_of $packages) && [ -z "$missing" ]; then return; fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null || fail "install these packages as root, then run this again: $packages"
    fi
    say "installing packages:" ${missing:-$packages}
    $as_root apt-get update -q || fail "apt-get update failed; its words are above"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-upgrade --no-install-recommends \
        $packages || fail "apt-get install failed; its words are above"
}

# A Python that Moorage runs on and that can make a venv, the system's own first.
find_python() {
    for python in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if "$python" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 with venv found; install one of them"
}

# The folder counts too: a .venv does not survive being moved.
sum_of() { { pwd; cat "$@" packaging/set_up.sh pyproject.toml; } | cksum; }

is_done() { [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.done" 2>/dev/null)" = "$2" ]; }

install_python_packages() {
    if ! .venv/bin/python -c 'import pip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
        python=$(find_python) || exit 1
        say "making .venv with $python"
        rm -rf .venv
        "$python" -m venv .venv || fail "$python could not make .venv"
    fi
    say "installing locked Python packages (a first time fetches 90 MB)"
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -q --root-user-action=ignore"
    requirements=
    for list in "$@"; do requirements="$requirements -r $list"; done
    if ! $pip --require-hashes $requirements || ! $pip --no-deps --no-index --no-build-isolation --editable .; then
        fail "pip failed; its words are above. This can simply be run again"
    fi
}

# set_up NAME DEBIAN_LISTS PYTHON_LISTS: nothing but a look at a note where all of it has been done before.
set_up() {
    name=$1
    debian=$2
    python_lists=$3
    sum=$(sum_of $debian $python_lists)
    is_done "$name" "$sum" && return
    # One at a time; the lock file is one that is there anyway.
    exec 9<packaging/requirements.txt
    if command -v flock >/dev/null && ! flock -n 9; then
        say "waiting for another set-up in this checkout"
        flock 9
    fi
    if ! is_done "$name" "$sum"; then
        install_packages $debian
        install_python_packages $python_lists
        printf '%s\n' "$sum" >".venv/$name.done"
    fi
    exec 9<&-
}

# Python's own cache, which some environments forbid it to write at run time.
compile() { .venv/bin/python -m compileall -qq desktop || true; }

# What Qt loads, made anew from each .ts that is newer. Written aside: an app that starts meanwhile reads whole files.
compile_translations() {
    for source in resources/translations/*.ts; do
        made=${source%.ts}.qm
        [ -z "$(find "$made" -newer "$source" 2>/dev/null)" ] || continue
        if .venv/bin/pyside6-lrelease -silent "$source" -qm "$made.$$"; then
            mv -f "$made.$$" "$made"
        else
            say "$source was not compiled; the window is in English without it"
        fi
    done
}

# The user's app menu starts this checkout. A home without such a folder has no menu to stand in.
put_in_menu() {
    data=${XDG_DATA_HOME:-${HOME:-}/.local/share}
    case $PWD in *\"* | *\`* | *\$* | *%* | *\\*) return ;; esac # an entry would not read these as they are
    [ -d "$data" ] || return 0
    entry=$data/applications/moorage.desktop
    made=$(grep -v '^Exec=' resources/moorage.desktop; printf 'Exec="%s/packaging/run" app\n' "$PWD")
    [ "$made" != "$(cat "$entry" 2>/dev/null)" ] || return 0
    icons=$data/icons/hicolor/scalable/apps
    if ! { mkdir -p "$data/applications" "$icons" && cp resources/icons/moorage.svg "$icons/" &&
        printf '%s\n' "$made" >"$entry"; }; then
        say "the app menu got no entry"
    fi
}

set_up_to_run() {
    set_up run packaging/debian-packages.txt packaging/requirements.txt
    compile
    compile_translations
}

set_up_to_test() {
    set_up test "packaging/debian-packages.txt packaging/debian-packages-test.txt" \
        "packaging/requirements.txt packaging/requirements-test.txt"
    compile
    compile_translations
}
