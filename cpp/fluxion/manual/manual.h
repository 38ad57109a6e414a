#pragma once
// Hand-written backpropagation, all of it.

#include "fluxion/manual/attention.h"
#include "fluxion/manual/conv.h"
#include "fluxion/manual/dense.h"
#include "fluxion/manual/dropout.h"
#include "fluxion/manual/embedding.h"
#include "fluxion/manual/loss.h"
#include "fluxion/manual/network.h"
#include "fluxion/manual/norm.h"
#include "fluxion/manual/recurrent.h"
#include "fluxion/manual/residual.h"
