// libjq's two headers, which each want the other's word for "no format string".
#pragma once
#include <jq.h>
#include <jv.h>
