# What the scripts here need of the packages of Debian 12 (bookworm) on x86-64. They read
# this file by `source`. Another system, such as Ubuntu, has not all of these packages:
# there, Node.js, a browser with its driver, Python and Rust have to be there before.

# Installs those of the packages that are not there.
install_packages() {
    local root=() missing=() package
    for package; do
        if ! dpkg-query --show --showformat '${db:Status-Status}\n' "$package" \
            2> /dev/null | grep --quiet --line-regexp installed; then
            missing+=("$package")
        fi
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        return
    fi
    if [ "$(id --user)" -ne 0 ]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" apt-get install --yes --no-install-recommends "${missing[@]}"
}

# Puts Debian's Rust of version $1 ahead of any other on the PATH, with the other packages
# named after it. All are unpacked into target/, and none is installed, because Debian
# allows only one version of them at a time.
use_rust() {
    local folder=$PWD/target/rust-$1 version packages
    if [ ! -d "$folder" ]; then
        version=$(apt-cache madison rustc-web | awk -v wanted="$1" \
            'index($3, wanted) == 1 { print $3; exit }')
        if [ -z "$version" ]; then
            echo "there is no rustc-web of version $1 among Debian's packages" >&2
            return 1
        fi
        packages=(rustc-web cargo-web libstd-rust-web-dev "libstd-rust-web-$1" "${@:2}")
        rm --recursive --force "$folder.new"
        mkdir --parents "$folder.new"
        (
            cd "$folder.new"
            apt-get download "${packages[@]/%/=$version}"
            for package in *.deb; do
                dpkg --extract "$package" .
            done
            rm ./*.deb
        )
        mv "$folder.new" "$folder"
    fi
    export LD_LIBRARY_PATH=$folder/usr/lib/x86_64-linux-gnu
    export PATH=$folder/usr/bin:$PATH
    rustc --version
}
