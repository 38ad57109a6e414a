#pragma once
// Every optimizer.

#include "fluxion/optim/adam.h"
#include "fluxion/optim/adaptive.h"
#include "fluxion/optim/average.h"
#include "fluxion/optim/clip.h"
#include "fluxion/optim/lion.h"
#include "fluxion/optim/schedule.h"
#include "fluxion/optim/sgd.h"
