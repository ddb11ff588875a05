# The health checks of the Dockerfile and of compose.yaml: exits with 0 if GET http://127.0.0.1:PORT/PATH answers with a
# status below 400. Bash does this without another program, so a check is cheap even on a busy machine.
#
# Usage: bash deploy/healthcheck.sh PORT PATH
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3
read -r -t 5 -u 3 _ status _ || exit 1
[[ $status == [23]?? ]]
