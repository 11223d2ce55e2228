#!/bin/busybox sh
# The first and only program of the machine: runs the tests of /tests.list as an ordinary user, and
# turns the machine off.
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /dev/pts
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=1777 tmp /tmp
ln -s /proc/self/fd /dev/fd
ifconfig lo up
page_kib=$(awk '/KernelPageSize/ { print $2; exit }' /proc/self/smaps)
echo "machine: $(uname -m), $(uname -r), pages of $page_kib KiB"

export PATH=/bin HOME=/tmp LANG=C.UTF-8
while read -r test; do
    echo "machine: begin $test"
    su user -s /bin/sh -c "cd /tmp && $test --gtest_brief=1 --gtest_color=no" </dev/null 2>&1
    echo "machine: end $?"
done </tests.list
echo "machine: done"
poweroff -f
