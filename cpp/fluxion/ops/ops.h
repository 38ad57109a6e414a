#pragma once
// Every differentiable function, by family.

#include "fluxion/ops/arrange.h"
#include "fluxion/ops/binary.h"
#include "fluxion/ops/conv.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/index.h"
#include "fluxion/ops/linalg.h"
#include "fluxion/ops/loss.h"
#include "fluxion/ops/norm.h"
#include "fluxion/ops/order.h"
#include "fluxion/ops/patch.h"
#include "fluxion/ops/pool.h"
#include "fluxion/ops/reduce.h"
#include "fluxion/ops/unary.h"
#include "fluxion/ops/view.h"
